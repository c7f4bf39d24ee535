//! Where everything stands: paragraphs and rows become marks on pages of A4. Pure arithmetic.

use super::typeset::{Shaped, Typeface};
use std::ops::Range;

/// A4 in points.
pub(super) const PAGE_WIDTH: f32 = 595.28;
/// A4 in points.
pub(super) const PAGE_HEIGHT: f32 = 841.89;
const LEFT: f32 = 62.0;
const TOP: f32 = 64.0;
/// Text ends here; the page's foot stands below.
const BOTTOM: f32 = PAGE_HEIGHT - 74.0;
const FOOT: f32 = PAGE_HEIGHT - 46.0;
const WIDTH: f32 = PAGE_WIDTH - 2.0 * LEFT;
const LABEL_WIDTH: f32 = 142.0;
const VALUE_LEFT: f32 = LEFT + LABEL_WIDTH + 18.0;
const VALUE_WIDTH: f32 = WIDTH - LABEL_WIDTH - 18.0;
/// Height of a line and of the part above its base line, in units of the font size.
const LEADING: f32 = 1.36;
const ASCENT: f32 = 1.02;
/// Space above and below the text of a row.
const ROW_PADDING: f32 = 6.5;
/// Side of the square code. Scanners need four blank modules around it (ISO/IEC 18004), about 11
/// points: the margins and gaps give more.
const CODE_SIDE: f32 = 100.0;

/// How a paragraph looks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Style {
    pub(super) bold: bool,
    pub(super) size: f32,
    /// 0 is black, 255 white.
    pub(super) grey: u8,
}

/// A text in its style.
pub(super) struct Paragraph {
    pub(super) shaped: Shaped,
    pub(super) style: Style,
}

/// The number of a paragraph in [`Sheet::paragraphs`].
pub(super) type ParagraphNumber = usize;

/// What the document consists of, in reading order.
pub(super) enum Block {
    /// A heading and its level.
    Heading(ParagraphNumber, u16),
    /// Running text.
    Text(ParagraphNumber),
    /// Rows of label and value.
    Rows(Vec<(ParagraphNumber, ParagraphNumber)>),
    /// The code, with paragraphs beside it, the first of them a heading.
    Code(Vec<ParagraphNumber>),
}

/// Something drawn on a page.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Mark {
    /// Glyphs of a paragraph at the start of a base line.
    Text {
        paragraph: ParagraphNumber,
        glyphs: Range<usize>,
        x: f32,
        y: f32,
    },
    /// A thin line across the text, for the eye alone.
    Rule { y: f32 },
    /// The square code by its upper left corner.
    Code { x: f32, y: f32, side: f32 },
}

/// The document before it is drawn.
#[derive(Default)]
pub(super) struct Sheet {
    pub(super) paragraphs: Vec<Paragraph>,
    pub(super) blocks: Vec<Block>,
}

impl Sheet {
    /// Adds a paragraph and gives its number.
    pub(super) fn paragraph(&mut self, shaped: Shaped, style: Style) -> ParagraphNumber {
        self.paragraphs.push(Paragraph { shaped, style });
        self.paragraphs.len().saturating_sub(1)
    }

    /// Spreads the blocks over pages.
    pub(super) fn pages(&self) -> Vec<Vec<Mark>> {
        let mut pen = Pen {
            sheet: self,
            full: Vec::new(),
            page: Vec::new(),
            y: TOP,
        };
        for block in &self.blocks {
            match block {
                Block::Heading(paragraph, level) => {
                    let space = if *level == 1 { 2.0 } else { 18.0 };
                    pen.down(space);
                    pen.text(*paragraph, LEFT, WIDTH);
                    pen.down(8.0);
                }
                Block::Text(paragraph) => {
                    pen.text(*paragraph, LEFT, WIDTH);
                    pen.down(12.0);
                }
                Block::Rows(rows) => pen.rows(rows),
                Block::Code(beside) => pen.code(beside),
            }
        }
        pen.full.push(pen.page);
        pen.full
    }
}

/// Where the next line goes.
struct Pen<'a> {
    sheet: &'a Sheet,
    full: Vec<Vec<Mark>>,
    page: Vec<Mark>,
    y: f32,
}

/// The lines of one paragraph in a column.
struct Column {
    paragraph: ParagraphNumber,
    lines: std::vec::IntoIter<Range<usize>>,
    x: f32,
    size: f32,
}

impl Pen<'_> {
    fn down(&mut self, space: f32) {
        self.y += space;
    }

    /// Begins a new page unless `height` still fits; an empty page takes anything.
    fn need(&mut self, height: f32) {
        if self.y + height > BOTTOM && !self.page.is_empty() {
            self.full.push(std::mem::take(&mut self.page));
            self.y = TOP;
        }
    }

    fn column(&self, paragraph: ParagraphNumber, x: f32, width: f32) -> Column {
        let (lines, size) = self
            .sheet
            .paragraphs
            .get(paragraph)
            .map_or((Vec::new(), 1.0), |p| {
                (p.shaped.lines(width / p.style.size), p.style.size)
            });
        Column {
            paragraph,
            lines: lines.into_iter(),
            x,
            size,
        }
    }

    fn text(&mut self, paragraph: ParagraphNumber, x: f32, width: f32) {
        let column = self.column(paragraph, x, width);
        self.side_by_side(vec![column]);
    }

    /// Sets columns line by line, so that a row may run over any number of pages.
    fn side_by_side(&mut self, mut columns: Vec<Column>) {
        let size = columns.iter().map(|c| c.size).fold(1.0, f32::max);
        loop {
            let lines: Vec<Option<Range<usize>>> =
                columns.iter_mut().map(|c| c.lines.next()).collect();
            if lines.iter().all(Option::is_none) {
                return;
            }
            self.need(size * LEADING);
            let y = self.y + size * ASCENT;
            for (column, line) in columns.iter().zip(lines) {
                if let Some(glyphs) = line {
                    self.page.push(Mark::Text {
                        paragraph: column.paragraph,
                        glyphs,
                        x: column.x,
                        y,
                    });
                }
            }
            self.down(size * LEADING);
        }
    }

    fn rows(&mut self, rows: &[(ParagraphNumber, ParagraphNumber)]) {
        self.rule();
        for (label, value) in rows {
            let columns = vec![
                self.column(*label, LEFT, LABEL_WIDTH),
                self.column(*value, VALUE_LEFT, VALUE_WIDTH),
            ];
            let lines = columns.iter().map(|c| c.lines.len()).max().unwrap_or(0);
            // A row of up to three lines stays together.
            let kept = u16::try_from(lines.min(3)).unwrap_or(3);
            let size = columns.iter().map(|c| c.size).fold(1.0, f32::max);
            self.need(2.0 * ROW_PADDING + f32::from(kept) * size * LEADING);
            self.down(ROW_PADDING);
            self.side_by_side(columns);
            self.down(ROW_PADDING);
            self.rule();
        }
        self.down(6.0);
    }

    fn rule(&mut self) {
        self.page.push(Mark::Rule { y: self.y });
    }

    fn code(&mut self, beside: &[ParagraphNumber]) {
        self.down(16.0);
        self.need(CODE_SIDE + 4.0);
        let top = self.y;
        self.page.push(Mark::Code {
            x: LEFT,
            y: top,
            side: CODE_SIDE,
        });
        let pages = self.full.len();
        let x = LEFT + CODE_SIDE + 20.0;
        for paragraph in beside {
            self.text(*paragraph, x, PAGE_WIDTH - LEFT - x);
            self.down(5.0);
        }
        if self.full.len() == pages {
            self.y = self.y.max(top + CODE_SIDE);
        }
    }
}

/// Where the page's foot begins, for a text `width` wide: centred.
pub(super) fn foot_at(width: f32) -> (f32, f32) {
    ((PAGE_WIDTH - width) / 2.0, FOOT)
}

/// The left and right end of a rule.
pub(super) const fn rule_ends() -> (f32, f32) {
    (LEFT, LEFT + WIDTH)
}

/// Paragraph helper: the glyphs of a text in a typeface, in a style.
pub(super) fn width_of(shaped: &Shaped, style: Style) -> f32 {
    shaped.glyphs.iter().map(|g| g.x_advance).sum::<f32>() * style.size
}

/// Shapes `text` in the face that `style` asks for.
pub(super) fn shape(regular: &Typeface, bold: &Typeface, style: Style, text: &str) -> Shaped {
    if style.bold { bold } else { regular }.shape(text)
}
