//! The laid-out sheet becomes the bytes of a tagged PDF (PDF/A-3a and PDF/UA-1).

use super::facts::DATA_FILE;
use super::layout::{
    Block, Mark, PAGE_HEIGHT, PAGE_WIDTH, Paragraph, Sheet, Style, foot_at, rule_ends, width_of,
};
use super::typeset::{Shaped, Typeface};
use krilla::color::luma;
use krilla::configure::{Accessibility, Archival, Configuration, ConfigurationBuilder};
use krilla::destination::XyzDestination;
use krilla::embed::{AssociationKind, EmbeddedFile, MimeType};
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::metadata::{DateTime, Metadata, TextDirection};
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::paint::{Fill, FillRule};
use krilla::surface::Surface;
use krilla::tagging::{
    Artifact, ArtifactType, BBox, ContentTag, Identifier, Node, SpanTag, TableHeaderScope, Tag,
    TagGroup, TagTree,
};
use krilla::{Document, SerializeSettings};
use qrcode::{Color, EcLevel, QrCode};
use std::num::NonZeroU16;
use std::ops::Range;

/// The style of the page's foot.
pub(super) const FOOT_STYLE: Style = Style {
    bold: false,
    size: 8.5,
    grey: 90,
};

/// What is drawn.
pub(super) struct Picture<'a> {
    pub(super) sheet: &'a Sheet,
    pub(super) pages: &'a [Vec<Mark>],
    /// One for each page.
    pub(super) feet: &'a [Shaped],
    /// The square code, where the sheet has a place for it.
    pub(super) code: Option<&'a QrCode>,
    pub(super) code_alt: &'a str,
    pub(super) title: &'a str,
    pub(super) author: &'a str,
    /// The moment of what the document proves, UTC: the same data give the same bytes for ever.
    pub(super) created: jiff::Timestamp,
    /// The attached data, and what they are.
    pub(super) data: Option<(Vec<u8>, String)>,
}

/// The identifiers of what was drawn, for the tree of tags.
struct Drawn {
    paragraphs: Vec<Vec<Identifier>>,
    code: Option<(Identifier, usize, Rect)>,
}

/// The rules that each document keeps.
pub(super) fn configuration() -> Option<Configuration> {
    ConfigurationBuilder::new()
        .with_archival_validator(Archival::A3_A)
        .with_accessibility_validator(Accessibility::UA1)
        .finish()
        .ok()
}

/// The square code for a text.
pub(super) fn square_code(text: &str) -> Option<QrCode> {
    QrCode::with_error_correction_level(text.as_bytes(), EcLevel::M).ok()
}

/// Draws everything; `None` when a rule of the standards is broken.
pub(super) fn draw(
    picture: &Picture<'_>,
    regular: &Typeface,
    bold: &Typeface,
    configuration: Configuration,
) -> Option<Vec<u8>> {
    let mut document = Document::new_with(SerializeSettings {
        configuration,
        ..SerializeSettings::default()
    });
    document.set_metadata(metadata(picture));
    let mut drawn = Drawn {
        paragraphs: picture
            .sheet
            .paragraphs
            .iter()
            .map(|_| Vec::new())
            .collect(),
        code: None,
    };
    for (number, (marks, foot)) in picture.pages.iter().zip(picture.feet).enumerate() {
        let mut page = document.start_page_with(PageSettings::from_wh(PAGE_WIDTH, PAGE_HEIGHT)?);
        let mut surface = page.surface();
        let mut brush = Brush {
            surface: &mut surface,
            faces: [regular, bold],
        };
        for mark in marks {
            brush.mark(mark, picture, number, &mut drawn)?;
        }
        brush.foot(foot);
        surface.finish();
        page.finish();
    }
    if let Some((data, about)) = &picture.data {
        document.embed_file(EmbeddedFile {
            path: DATA_FILE.to_owned(),
            mime_type: MimeType::new("application/json"),
            description: Some(about.clone()),
            association_kind: AssociationKind::Data,
            data: data.clone().into(),
            modification_date: Some(date_time(picture.created)),
            compress: Some(false),
            location: None,
        })?;
    }
    document.set_outline(outline(picture));
    document.set_tag_tree(tags(picture, drawn));
    document.finish().ok()
}

fn date_time(at: jiff::Timestamp) -> DateTime {
    let at = at.to_zoned(jiff::tz::TimeZone::UTC);
    let small = |value: i8| u8::try_from(value).unwrap_or(0);
    DateTime::new(u16::try_from(at.year()).unwrap_or(1970))
        .month(small(at.month()))
        .day(small(at.day()))
        .hour(small(at.hour()))
        .minute(small(at.minute()))
        .second(small(at.second()))
        .utc_offset_hour(0)
        .utc_offset_minute(0)
}

fn metadata(picture: &Picture<'_>) -> Metadata {
    Metadata::new()
        .title(picture.title.to_owned())
        .authors(vec![picture.author.to_owned()])
        .creator("otmena".to_owned())
        .language("ru".to_owned())
        .text_direction(TextDirection::LeftToRight)
        .creation_date(date_time(picture.created))
}

struct Brush<'a, 'b> {
    surface: &'a mut Surface<'b>,
    faces: [&'a Typeface; 2],
}

impl Brush<'_, '_> {
    fn mark(
        &mut self,
        mark: &Mark,
        picture: &Picture<'_>,
        page: usize,
        drawn: &mut Drawn,
    ) -> Option<()> {
        match mark {
            Mark::Text {
                paragraph,
                glyphs,
                x,
                y,
            } => {
                let Paragraph { shaped, style } = picture.sheet.paragraphs.get(*paragraph)?;
                let id = self
                    .surface
                    .start_tagged(ContentTag::Span(SpanTag::empty()));
                self.glyphs(shaped, glyphs.clone(), *style, *x, *y);
                self.surface.end_tagged();
                drawn.paragraphs.get_mut(*paragraph)?.push(id);
            }
            Mark::Rule { y } => {
                let (left, right) = rule_ends();
                let mut path = PathBuilder::new();
                path.push_rect(Rect::from_ltrb(left, *y, right, *y + 0.6)?);
                self.decoration(ArtifactType::Layout);
                self.ink(200);
                self.surface.draw_path(&path.finish()?);
                self.surface.end_tagged();
            }
            Mark::Code { x, y, side } => {
                let id = self.surface.start_tagged(ContentTag::Other);
                self.code(picture.code?, *x, *y, *side)?;
                self.surface.end_tagged();
                let bounds = Rect::from_xywh(*x, *y, *side, *side)?;
                drawn.code = Some((id, page, bounds));
            }
        }
        Some(())
    }

    fn foot(&mut self, shaped: &Shaped) {
        let (x, y) = foot_at(width_of(shaped, FOOT_STYLE));
        self.decoration(ArtifactType::Footer);
        self.glyphs(shaped, 0..shaped.glyphs.len(), FOOT_STYLE, x, y);
        self.surface.end_tagged();
    }

    /// What follows is for the eye alone.
    fn decoration(&mut self, kind: ArtifactType) {
        self.surface
            .start_tagged(ContentTag::Artifact(Artifact::with_kind(kind)));
    }

    fn ink(&mut self, grey: u8) {
        self.surface.set_fill(Some(Fill {
            paint: luma::Color::new(grey).into(),
            rule: FillRule::NonZero,
            ..Fill::default()
        }));
    }

    fn glyphs(&mut self, shaped: &Shaped, range: Range<usize>, style: Style, x: f32, y: f32) {
        let [regular, bold] = self.faces;
        let face = if style.bold { bold } else { regular };
        self.ink(style.grey);
        self.surface.draw_glyphs(
            Point::from_xy(x, y),
            shaped.glyphs.get(range).unwrap_or(&[]),
            face.font.clone(),
            &shaped.text,
            style.size,
            false,
        );
    }

    /// Draws runs of dark modules as one path.
    fn code(&mut self, code: &QrCode, x: f32, y: f32, side: f32) -> Option<()> {
        let width = code.width();
        let modules = u16::try_from(width).ok()?;
        let step = side / f32::from(modules);
        let at =
            |module: usize| -> Option<f32> { Some(f32::from(u16::try_from(module).ok()?) * step) };
        let mut path = PathBuilder::new();
        for (row, colors) in code.to_colors().chunks(width).enumerate() {
            let mut from = None;
            for column in 0..=width {
                let dark = colors.get(column) == Some(&Color::Dark);
                match (dark, from) {
                    (true, None) => from = Some(column),
                    (false, Some(start)) => {
                        path.push_rect(Rect::from_ltrb(
                            x + at(start)?,
                            y + at(row)?,
                            x + at(column)?,
                            y + at(row.saturating_add(1))?,
                        )?);
                        from = None;
                    }
                    (true, Some(_)) | (false, None) => {}
                }
            }
        }
        self.ink(0);
        self.surface.draw_path(&path.finish()?);
        Some(())
    }
}

fn text_of(picture: &Picture<'_>, number: usize) -> Option<String> {
    let paragraph = picture.sheet.paragraphs.get(number)?;
    Some(paragraph.shaped.text.clone())
}

/// The outline, which PDF/UA wants wherever there are headings: the title alone.
fn outline(picture: &Picture<'_>) -> Outline {
    let mut outline = Outline::new();
    for block in &picture.sheet.blocks {
        if let Block::Heading(number, _) = block {
            let top = XyzDestination::new(0, Point::from_xy(0.0, 0.0));
            let text = text_of(picture, *number).unwrap_or_default();
            outline.push_child(OutlineNode::new(text, top));
        }
    }
    outline
}

/// The tree of tags in reading order.
fn tags(picture: &Picture<'_>, drawn: Drawn) -> TagTree {
    let Drawn {
        mut paragraphs,
        code,
    } = drawn;
    let mut take = |number: usize| -> Vec<Node> {
        paragraphs
            .get_mut(number)
            .map(std::mem::take)
            .unwrap_or_default()
            .into_iter()
            .map(Node::from)
            .collect()
    };
    let heading = |level: u16, number: usize| {
        let level = NonZeroU16::new(level).unwrap_or(NonZeroU16::MIN);
        Tag::Hn(level, text_of(picture, number))
    };
    let mut tree = TagTree::new();
    let mut figure = code.map(|(id, page, bounds)| {
        let tag =
            Tag::Figure(Some(picture.code_alt.to_owned())).with_bbox(Some(BBox::new(page, bounds)));
        TagGroup::with_children(tag, vec![id.into()])
    });
    for block in &picture.sheet.blocks {
        match block {
            Block::Heading(paragraph, level) => {
                tree.push(TagGroup::with_children(
                    heading(*level, *paragraph),
                    take(*paragraph),
                ));
            }
            Block::Text(paragraph) => {
                tree.push(TagGroup::with_children(Tag::P, take(*paragraph)));
            }
            Block::Rows(rows) => {
                let rows = rows
                    .iter()
                    .map(|(label, value)| (take(*label), take(*value)));
                tree.push(table(rows));
            }
            Block::Code(beside) => {
                let mut beside = beside.iter();
                if let Some(title) = beside.next() {
                    tree.push(TagGroup::with_children(heading(2, *title), take(*title)));
                }
                if let Some(figure) = figure.take() {
                    tree.push(figure);
                }
                for paragraph in beside {
                    tree.push(TagGroup::with_children(Tag::P, take(*paragraph)));
                }
            }
        }
    }
    tree
}

/// A table whose rows have their heading in front.
fn table(rows: impl Iterator<Item = (Vec<Node>, Vec<Node>)>) -> TagGroup {
    let mut body = TagGroup::new(Tag::TBody);
    for (label, value) in rows {
        let label = TagGroup::with_children(Tag::TH(TableHeaderScope::Row), label);
        let value = TagGroup::with_children(Tag::TD, value);
        body.push(TagGroup::with_children(
            Tag::TR,
            vec![label.into(), value.into()],
        ));
    }
    TagGroup::with_children(Tag::Table, vec![body.into()])
}
