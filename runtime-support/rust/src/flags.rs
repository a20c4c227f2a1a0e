/// Declares a set of flags with the methods and operators of the crate `bitflags`.
#[macro_export]
macro_rules! flags {
    (
        $(#[$attribute:meta])*
        pub struct $Set:ident: $bits:ident {
            $($(#[$flag_attribute:meta])* const $flag:ident = $value:expr, $text:literal;)*
        }
    ) => {
        $(#[$attribute])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $Set {
            bits: $bits,
        }

        #[allow(dead_code, reason = "few programs need every method")]
        impl $Set {
            $(
                #[allow(missing_docs, reason = "as in WIT")]
                $(#[$flag_attribute])*
                pub const $flag: Self = Self { bits: $value };
            )*

            /// No flag.
            pub const fn empty() -> Self {
                Self { bits: 0 }
            }

            /// Every flag.
            pub const fn all() -> Self {
                Self { bits: 0 $(| $value)* }
            }

            /// The flags as bits, the first one lowest.
            pub const fn bits(&self) -> $bits {
                self.bits
            }

            /// The flags of `bits`, or none when a bit stands for no flag.
            pub const fn from_bits(bits: $bits) -> ::core::option::Option<Self> {
                if bits & !Self::all().bits == 0 {
                    ::core::option::Option::Some(Self { bits })
                } else {
                    ::core::option::Option::None
                }
            }

            /// The flags of `bits`, without those that stand for no flag.
            pub const fn from_bits_truncate(bits: $bits) -> Self {
                Self { bits: bits & Self::all().bits }
            }

            /// The flags of `bits`, with those that stand for no flag.
            pub const fn from_bits_retain(bits: $bits) -> Self {
                Self { bits }
            }

            /// The flag whose constant is called `name`.
            pub fn from_name(name: &str) -> ::core::option::Option<Self> {
                $(if name == $text {
                    return ::core::option::Option::Some(Self { bits: $value });
                })*
                ::core::option::Option::None
            }

            /// Whether there is no flag.
            pub const fn is_empty(&self) -> bool {
                self.bits == 0
            }

            /// Whether every flag is there.
            pub const fn is_all(&self) -> bool {
                self.bits & Self::all().bits == Self::all().bits
            }

            /// Whether some flag is in both.
            pub const fn intersects(&self, other: Self) -> bool {
                self.bits & other.bits != 0
            }

            /// Whether every flag of `other` is there.
            pub const fn contains(&self, other: Self) -> bool {
                self.bits & other.bits == other.bits
            }

            /// Adds flags.
            pub fn insert(&mut self, other: Self) {
                self.bits |= other.bits;
            }

            /// Takes flags away.
            pub fn remove(&mut self, other: Self) {
                self.bits &= !other.bits;
            }

            /// Turns flags around.
            pub fn toggle(&mut self, other: Self) {
                self.bits ^= other.bits;
            }

            /// Adds flags, or takes them away.
            pub fn set(&mut self, other: Self, value: bool) {
                if value {
                    self.insert(other);
                } else {
                    self.remove(other);
                }
            }

            /// The flags that are in both.
            #[must_use]
            pub const fn intersection(self, other: Self) -> Self {
                Self { bits: self.bits & other.bits }
            }

            /// The flags that are in one or both.
            #[must_use]
            pub const fn union(self, other: Self) -> Self {
                Self { bits: self.bits | other.bits }
            }

            /// The flags that are not in `other`.
            #[must_use]
            pub const fn difference(self, other: Self) -> Self {
                Self { bits: self.bits & !other.bits }
            }

            /// The flags that are in one and not in both.
            #[must_use]
            pub const fn symmetric_difference(self, other: Self) -> Self {
                Self { bits: self.bits ^ other.bits }
            }

            /// The flags that are not there.
            #[must_use]
            pub const fn complement(self) -> Self {
                Self::from_bits_truncate(!self.bits)
            }

            /// The flags that are there, one by one.
            pub fn iter(&self) -> impl ::core::iter::Iterator<Item = Self> + use<> {
                let bits = self.bits;
                Self::_WITGEN_FLAGS.iter().map(|(_, flag)| *flag).filter(move |flag| bits & flag.bits != 0)
            }

            /// The flags that are there with the names of their constants.
            pub fn iter_names(&self) -> impl ::core::iter::Iterator<Item = (&'static str, Self)> + use<> {
                let bits = self.bits;
                Self::_WITGEN_FLAGS.iter().copied().filter(move |(_, flag)| bits & flag.bits != 0)
            }

            const _WITGEN_FLAGS: &'static [(&'static str, Self)] = &[$(($text, Self { bits: $value }),)*];
        }

        impl ::core::fmt::Debug for $Set {
            fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                formatter.write_str(::core::concat!(::core::stringify!($Set), "("))?;
                let mut rest = self.bits;
                let mut separator = "";
                for (name, flag) in self.iter_names() {
                    ::core::write!(formatter, "{separator}{name}")?;
                    rest &= !flag.bits;
                    separator = " | ";
                }
                if rest != 0 || self.bits == 0 {
                    ::core::write!(formatter, "{separator}{rest:#x}")?;
                }
                formatter.write_str(")")
            }
        }

        impl ::core::ops::BitOr for $Set {
            type Output = Self;
            fn bitor(self, other: Self) -> Self {
                self.union(other)
            }
        }

        impl ::core::ops::BitOrAssign for $Set {
            fn bitor_assign(&mut self, other: Self) {
                self.insert(other);
            }
        }

        impl ::core::ops::BitAnd for $Set {
            type Output = Self;
            fn bitand(self, other: Self) -> Self {
                self.intersection(other)
            }
        }

        impl ::core::ops::BitAndAssign for $Set {
            fn bitand_assign(&mut self, other: Self) {
                *self = self.intersection(other);
            }
        }

        impl ::core::ops::BitXor for $Set {
            type Output = Self;
            fn bitxor(self, other: Self) -> Self {
                self.symmetric_difference(other)
            }
        }

        impl ::core::ops::BitXorAssign for $Set {
            fn bitxor_assign(&mut self, other: Self) {
                self.toggle(other);
            }
        }

        impl ::core::ops::Sub for $Set {
            type Output = Self;
            fn sub(self, other: Self) -> Self {
                self.difference(other)
            }
        }

        impl ::core::ops::SubAssign for $Set {
            fn sub_assign(&mut self, other: Self) {
                self.remove(other);
            }
        }

        impl ::core::ops::Not for $Set {
            type Output = Self;
            fn not(self) -> Self {
                self.complement()
            }
        }

        impl ::core::fmt::Binary for $Set {
            fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Binary::fmt(&self.bits, formatter)
            }
        }

        impl ::core::fmt::Octal for $Set {
            fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Octal::fmt(&self.bits, formatter)
            }
        }

        impl ::core::fmt::LowerHex for $Set {
            fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::LowerHex::fmt(&self.bits, formatter)
            }
        }

        impl ::core::fmt::UpperHex for $Set {
            fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::UpperHex::fmt(&self.bits, formatter)
            }
        }

        impl ::core::iter::IntoIterator for $Set {
            type Item = Self;
            type IntoIter = ::core::iter::Flatten<
                ::core::array::IntoIter<::core::option::Option<Self>, { Self::_WITGEN_FLAGS.len() }>,
            >;

            fn into_iter(self) -> Self::IntoIter {
                let flag_at = |nth: usize| {
                    let (_, flag) = Self::_WITGEN_FLAGS[nth];
                    self.contains(flag).then_some(flag)
                };
                ::core::array::from_fn(flag_at).into_iter().flatten()
            }
        }

        impl ::core::iter::Extend<$Set> for $Set {
            fn extend<I: ::core::iter::IntoIterator<Item = Self>>(&mut self, flags: I) {
                for flag in flags {
                    self.insert(flag);
                }
            }
        }

        impl ::core::iter::FromIterator<$Set> for $Set {
            fn from_iter<I: ::core::iter::IntoIterator<Item = Self>>(flags: I) -> Self {
                let mut set = Self::empty();
                set.extend(flags);
                set
            }
        }
    };
}
