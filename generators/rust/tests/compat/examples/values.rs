//! Values of all kinds, in both directions.

#[cfg(feature = "macro")]
wit_bindgen::generate!({ path: "wit/values.wit", world: "values" });
#[cfg(not(feature = "macro"))]
include!(concat!(env!("WITGEN_BINDINGS"), "/values.rs"));

use std::error::Error;
use std::fmt::Display;

use exports::meter;
use exports::test::values::shapes::{self as exported, Access, Code, Color, Failure, Person, Place, Point};
use exports::test::values::shapes::{Outcome, Pair, Report, Shape};
use test::values::shapes;

struct Component;

export!(Component);

/// Everything that a failure can be asked for.
fn explain(error: &(dyn Error + 'static)) -> String {
    match error.downcast_ref::<shapes::Failure>() {
        Some(shapes::Failure::NotFound(what)) => format!("{what} is missing"),
        Some(other) => format!("{other}"),
        None => error.to_string(),
    }
}

fn work(args: &[String]) -> Result<String, Box<dyn Error>> {
    let point = shapes::Point { x: 1, y: 2 };
    let moved: shapes::Place = shapes::move_by(point, 3);
    let person = shapes::Person { name: "Ada".into(), age: 36, home: Some(moved), tags: args.to_vec() };
    let greeting = shapes::greet(&person, true);
    let color = shapes::mix(&[shapes::Color::Red, shapes::Color::Blue]);
    log(&greeting, color);
    assert!(color == shapes::Color::Red || color > shapes::Color::Red);
    let access = shapes::Access::READ | shapes::Access::RUN_IT;
    let granted = shapes::grant(access, Some(shapes::Access::empty())) & shapes::Access::all();
    assert!(granted.contains(shapes::Access::READ) && !granted.is_empty() && granted.bits() != 0);
    let area = shapes::area(&shapes::Shape::Circle(1.0))? + shapes::area(&shapes::Shape::Square(point))?;
    let number = shapes::parse(args.first().map_or("0", String::as_str))?;
    shapes::check("fine")?;
    shapes::bare(true).map_err(|()| "bare")?;
    let (bytes, words, (count, text)) = shapes::sums(b"bytes", &[1, 2], &[point]);
    let nested = shapes::nested(Some(Some("deep")), Ok(&["a".to_string()]));
    let outcome: shapes::Outcome = shapes::outcome_of(moved);
    let chars: String = shapes::chars('x', "yz", 1.5).into_iter().collect();
    let now = clock::now();
    Ok(format!(
        "{person:?} {color:?} {access:?} {area} {number} {bytes} {words} {count} {text} {nested:?} {outcome:?} {chars} {}",
        now.seconds + u64::from(now.nanos)
    ))
}

impl Guest for Component {
    fn run(args: Vec<String>) -> Result<String, String> {
        work(&args).map_err(|error| explain(error.as_ref()))
    }

    fn tick() {}
}

impl meter::Guest for Component {
    fn measure(texts: Vec<String>) -> Vec<u32> {
        texts.iter().map(|text| text.len() as u32).collect()
    }
}

fn shown(value: &impl Display) -> String {
    value.to_string()
}

impl exported::Guest for Component {
    fn move_by(p: Point, by: i32) -> Place {
        let Point { x, y } = p;
        Point { x: x + by, y: y + by }
    }

    fn greet(who: Person, polite: bool) -> String {
        let copy = who.clone();
        if polite { format!("Dear {}", copy.name) } else { copy.tags.join(",") }
    }

    fn mix(colors: Vec<Color>) -> Color {
        colors.into_iter().max().unwrap_or(Color::Green)
    }

    fn grant(a: Access, b: Option<Access>) -> Access {
        let mut all = a.union(b.unwrap_or_else(Access::empty));
        all.set(Access::WRITE, false);
        all |= Access::from_bits(1).unwrap_or(Access::all());
        for flag in all.iter() {
            all.remove(flag & Access::from_bits_truncate(4) & !Access::READ);
        }
        all
    }

    fn area(s: Shape) -> Result<f64, Failure> {
        match s {
            Shape::Circle(radius) => Ok(radius * radius * std::f64::consts::PI),
            Shape::Square(Point { x, y }) => Ok(f64::from(x * y)),
            Shape::Label(text) => Err(Failure::NotFound(text)),
            Shape::Empty => Err(Failure::Denied),
        }
    }

    fn parse(text: String) -> Result<u32, Code> {
        text.parse().map_err(|_| {
            let code = if text.is_empty() { Code::Missing } else { Code::Broken };
            assert!(!code.name().is_empty() && code.message().is_empty());
            assert!(shown(&code).contains(code.name()));
            code
        })
    }

    fn check(text: String) -> Result<(), Report> {
        if text == "fine" { Ok(()) } else { Err(Report { line: 1, text: shown(&Failure::Other(1)) }) }
    }

    fn bare(ok: bool) -> Result<(), ()> {
        ok.then_some(()).ok_or(())
    }

    fn sums(bytes: Vec<u8>, words: Vec<u64>, points: Vec<Point>) -> (u64, u64, Pair) {
        (bytes.len() as u64, words.iter().sum(), (points.len() as u32, format!("{points:?}")))
    }

    fn nested(o: Option<Option<String>>, r: Result<Vec<String>, Option<u8>>) -> Option<Result<String, ()>> {
        match (o, r) {
            (Some(Some(text)), Ok(_)) => Some(Ok(text)),
            (None, Err(Some(_))) => None,
            _ => Some(Err(())),
        }
    }

    fn outcome_of(p: Place) -> Outcome {
        Ok(p)
    }

    fn chars(c: char, s: String, f: f32) -> Vec<char> {
        std::iter::once(c).chain(s.chars()).chain(f.to_string().chars()).collect()
    }
}
