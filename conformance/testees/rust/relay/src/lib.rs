//! Hands every call and every resource on.

#[path = "../bindings/relay.rs"]
mod bindings;
mod store;

use bindings::exports::witgen::conformance::records::{Guest, Person, Place, Point, Wide};
use bindings::witgen::conformance::records as behind;

struct Relay;

bindings::export!(Relay with_types_in bindings);

impl Guest for Relay {
    fn echo_point(value: Point) -> Point {
        behind::echo_point(value.into()).into()
    }

    fn echo_person(value: Person) -> Person {
        behind::echo_person(&value.into()).into()
    }

    fn echo_people(value: Vec<Person>) -> Vec<Person> {
        let people: Vec<behind::Person> = value.into_iter().map(Into::into).collect();
        behind::echo_people(&people).into_iter().map(Into::into).collect()
    }

    fn echo_wide(value: Wide) -> Wide {
        behind::echo_wide(&value.into()).into()
    }

    fn echo_place(value: Place) -> Place {
        behind::echo_place(value.into()).into()
    }

    fn swap(left: Wide, right: Wide) -> Vec<Wide> {
        behind::swap(&left.into(), &right.into()).into_iter().map(Into::into).collect()
    }
}

/// Both sides have types of the same fields.
macro_rules! same_fields {
    ($name:ident { $($field:ident),* }) => {
        impl From<$name> for behind::$name {
            fn from(value: $name) -> Self {
                Self { $($field: value.$field.into()),* }
            }
        }

        impl From<behind::$name> for $name {
            fn from(value: behind::$name) -> Self {
                Self { $($field: value.$field.into()),* }
            }
        }
    };
}

same_fields!(Point { x, y });
same_fields!(Person { name, age, home, nicknames });
same_fields!(Wide { a, b, c, d, e, f, g, h, i, j, k, l, m, n, o });
