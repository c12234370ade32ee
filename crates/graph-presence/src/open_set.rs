//! Enums over sets that the service may extend.

/// Declares an enum of known values whose last variant keeps a value that is not known.
macro_rules! open_set {
    (@wire $variant:ident) => { stringify!($variant) };
    (@wire $variant:ident $wire:literal) => { $wire };
    (
        $(#[$meta:meta])*
        $name:ident {
            $( $(#[$variant_meta:meta])* $variant:ident $(=> $wire:literal)? ),+ $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $( $(#[$variant_meta])* $variant, )+
            /// A value that this version does not know, as the service sent it.
            Unrecognised($crate::Unrecognised),
        }

        impl $name {
            /// Every value that this version knows.
            pub const KNOWN: &[Self] = &[$(Self::$variant),+];

            /// The value as the service writes it; an unrecognised one as it came.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $( Self::$variant => $crate::open_set::open_set!(@wire $variant $($wire)?), )+
                    Self::Unrecognised(value) => value.as_str(),
                }
            }
        }

        impl From<&str> for $name {
            /// Reads a value in any case. This cannot fail: what is not known is kept.
            fn from(text: &str) -> Self {
                // As it is written mostly, and then as it may be.
                $(
                    if text == $crate::open_set::open_set!(@wire $variant $($wire)?) {
                        return Self::$variant;
                    }
                )+
                let known = Self::KNOWN.iter().find(|known| known.as_str().eq_ignore_ascii_case(text));
                known.cloned().unwrap_or_else(|| Self::Unrecognised($crate::Unrecognised::new(text)))
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.pad(self.as_str())
            }
        }

        #[cfg(feature = "serde")]
        $crate::serialised::as_text!($name, $name::as_str, |text| {
            Ok::<_, std::convert::Infallible>($name::from(text))
        });

        #[cfg(feature = "schemars")]
        $crate::schema::as_schema!($name, {
            "type": "string",
            "description": "Other values than the examples may come.",
            "examples": Self::KNOWN,
        });
    };
}

pub(crate) use open_set;

/// A value of an open set that this version does not know.
///
/// Only reading makes one, so that a known value has one spelling: `Availability::from("Busy")` is never this.
///
/// ```
/// use graph_presence::Availability;
///
/// let tomorrow = Availability::from("Levitating");
/// assert!(matches!(&tomorrow, Availability::Unrecognised(value) if value.as_str() == "Levitating"));
/// assert_eq!(tomorrow.to_string(), "Levitating");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Unrecognised(Box<str>);

impl Unrecognised {
    pub(crate) fn new(text: &str) -> Self {
        Self(text.into())
    }

    /// The value as it came.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
