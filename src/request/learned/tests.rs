//! What is learnt is tried on sentences that were not learnt from.

use super::classes::{self, CLASSES};
use super::features::figures;
use super::training::linear::{Example, sums};
use super::training::{self, Sentence, details};
use super::{hear, reasons};

/// The examples, a file for each class of [`CLASSES`].
fn examples() -> Vec<Sentence> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/request/learned/sentences");
    CLASSES
        .iter()
        .flat_map(|(class, doubt)| {
            let lines = std::fs::read_to_string(format!("{folder}/{class}.txt")).unwrap();
            training::sentences(class, *doubt, &lines)
        })
        .collect()
}

/// One in eight of the examples, to learn from: a part is enough here, and quick.
fn some(all: &[Sentence]) -> Vec<Sentence> {
    all.iter().step_by(8).cloned().collect()
}

/// How many in a hundred of `judged` are on their side.
fn right(weights: &[[f32; 1]], judged: impl Iterator<Item = Example<1>>) -> usize {
    let (mut right, mut all) = (0, 0);
    for example in judged {
        let heard = sums(weights, &example.features);
        right += usize::from((heard > [0.0]) == is_sought(&example));
        all += 1;
    }
    right * 100 / all
}

fn is_sought(example: &Example<1>) -> bool {
    example.sides > [0.0]
}

#[test]
fn what_was_never_seen_is_judged_by_its_likeness() {
    let all = examples();
    assert!(all.len() > 10_000, "{} examples", all.len());
    let (some, unseen) = (some(&all), all.iter().skip(3).step_by(40));
    let weights = training::sentence(&some);
    let heard = |sentence: &Sentence| {
        let features = training::example(sentence).features;
        sums(&weights, &features)
    };
    let share = |right: Vec<bool>| right.iter().filter(|r| **r).count() * 100 / right.len();
    let doubts = unseen
        .clone()
        .map(|s| (classes::doubt(&heard(s)) > 0.0) == s.doubt);
    let doubts = share(doubts.collect());
    let plain = unseen.clone().filter(|s| s.class != "reason");
    let wishes =
        plain.map(|s| (classes::wish(&heard(s)) > 0.0) == matches!(s.class, "wish" | "away"));
    let wishes = share(wishes.collect());
    let words = unseen
        .filter(|s| s.class == "reason")
        .flat_map(training::tokens);
    let words = right(&training::reason(&some), words);
    assert!(
        doubts >= 80 && wishes >= 80 && words >= 65,
        "{doubts} {wishes} {words}"
    );
}

#[test]
fn names_that_were_never_seen_are_told_from_words() {
    let file = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/src/request/learned/letters/names.txt"
    );
    let all = training::letters(&std::fs::read_to_string(file).unwrap());
    assert!(all.len() > 1_000, "{} letters", all.len());
    let some: Vec<_> = all.iter().step_by(2).cloned().collect();
    let weights = training::name(&some);
    let unseen = || all.iter().skip(1).step_by(4).flat_map(training::words);
    let of_names = right(&weights, unseen().filter(is_sought));
    let of_none = right(&weights, unseen().filter(|word| !is_sought(word)));
    assert!(of_names >= 60 && of_none >= 95, "{of_names} {of_none}");
}

#[test]
fn a_table_keeps_the_weights() {
    let weights = [[0.0, 1.0], [-1.0, 0.5], [100.0, -100.0]];
    let table = training::table(&weights);
    let steps: Vec<i8> = table.into_iter().map(u8::cast_signed).collect();
    assert_eq!(steps, [0, 32, -32, 16, 127, -127]);
}

#[test]
fn plain_sentences_are_told_from_doubtful_ones() {
    for text in [
        "Отмените, пожалуйста, запись №5.",
        "Прошу снять меня с приёма, уезжаю к сестре в Омск.",
        "У ребёнка поднялась температура, не приедем.",
        "Спасибо за понимание!",
        "Место пусть достанется другому.",
    ] {
        assert!(hear(text).doubt < -0.2, "{text}: {:?}", hear(text));
    }
    for text in [
        "Ладно, всё-таки доковыляю до вас.",
        "Если до пятницы не поправлюсь, тогда отмените.",
        "Лучше бы на среду после обеда.",
        "А деньги мне вернут?",
        "Мне пришла смс, что запись отменена, кто это сделал?",
    ] {
        assert!(hear(text).doubt > 0.2, "{text}: {:?}", hear(text));
    }
    for text in ["Вычеркните меня из списка.", "Никак не приеду в четверг."]
    {
        assert!(hear(text).wish > 0.2, "{text}: {:?}", hear(text));
    }
    assert!(hear("Пишу с телефона внучки.").wish < 0.0);
}

#[test]
fn the_words_of_a_reason_are_told_from_those_around() {
    for (text, expected) in [
        (
            "Прошу отменить запись, сломалась машина.",
            "сломалась машина",
        ),
        ("У сына ветрянка, отмените, пожалуйста.", "У сына ветрянка"),
        ("Уезжаю в командировку.", "Уезжаю в командировку"),
    ] {
        let told = reasons(text);
        let words: Vec<&str> = told
            .iter()
            .map(|t| text.get(t.range.clone()).unwrap_or_default())
            .collect();
        assert_eq!(words, [expected], "{text}");
    }
    for text in ["", "?!", "Спасибо.", "Отмените запись №5."] {
        assert_eq!(reasons(text), [], "{text}");
    }
}

#[test]
fn number_day_and_hour_are_told_from_other_figures() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/src/request/learned/letters/details.txt"
    );
    let all = details::letters(&std::fs::read_to_string(path).unwrap());
    assert!(all.len() > 2_000, "{} texts", all.len());
    // A subject, and the words below it.
    let some: Vec<_> = all.chunks(2).step_by(2).flatten().cloned().collect();
    let weights = details::figure(&some);
    for column in 0..figures::COLUMNS {
        let (mut right, mut judged) = (0, 0);
        let unseen = all.chunks(2).skip(1).step_by(2).flatten();
        let unseen = unseen.flat_map(details::examples);
        for example in unseen {
            let side = *example.sides.get(column).unwrap();
            let heard = *sums(&weights, &example.features).get(column).unwrap();
            if side != 0.0 {
                right += usize::from((heard > 0.0) == (side > 0.0));
                judged += 1;
            }
        }
        assert!(
            right * 100 >= judged * 93,
            "column {column}: {right} of {judged}"
        );
    }
}

#[test]
fn figures_of_a_letter_are_heard_where_they_stand() {
    let letter = "Здравствуйте, полис 7755 0044.\nОтмените запись 4471-К на 5 марта в 14:30.";
    let heard = super::figures(letter, false);
    let most = |weight: fn(&super::Figure) -> f32| {
        let best = heard.iter().max_by(|a, b| weight(a).total_cmp(&weight(b)));
        letter.get(best.unwrap().range.clone()).unwrap()
    };
    assert_eq!(most(|figure| figure.number), "4471-К");
    assert_eq!(most(|figure| figure.day), "5 марта");
    assert_eq!(most(|figure| figure.hour), "14:30");
}
