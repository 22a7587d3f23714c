//! Light or dark: the person's own choice, kept in a cookie, else as the system has it.

use leptos::prelude::*;

/// The cookie that keeps the person's choice of light or dark.
pub const THEME_COOKIE: &str = "theme";

/// The choice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the system has it.
    #[default]
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

impl Theme {
    /// All three, in the order of the menu.
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// The word in the cookie and the form.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The choice with this word.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|theme| theme.code() == code)
    }

    /// The value of `<html data-theme>`, which the style sheet knows; none leaves it to the system.
    #[must_use]
    pub const fn attribute(self) -> Option<&'static str> {
        match self {
            Self::System => None,
            Self::Light | Self::Dark => Some(self.code()),
        }
    }

    /// What `<meta name="color-scheme">` says, so that nothing flashes before the style sheet is there.
    #[must_use]
    pub const fn schemes(self) -> &'static str {
        match self {
            Self::System => "light dark",
            Self::Light | Self::Dark => self.code(),
        }
    }
}

/// The theme of this page; it stays the same as long as the page lives.
#[must_use]
pub fn use_theme() -> Theme {
    use_context::<Theme>().unwrap_or_default()
}

/// The choice in the request that is being answered.
pub(crate) fn theme_of_request() -> Theme {
    let Some(parts) = use_context::<http::request::Parts>() else { return Theme::default() };
    let header = parts.headers.get(http::header::COOKIE).and_then(|value| value.to_str().ok());
    crate::text::cookie_value(header, THEME_COOKIE).and_then(Theme::of_code).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_read_back_and_only_a_choice_marks_the_page() {
        for theme in Theme::ALL {
            assert_eq!(Theme::of_code(theme.code()), Some(theme));
        }
        assert_eq!(Theme::of_code("Dark"), None);
        assert_eq!(Theme::ALL.map(Theme::attribute), [None, Some("light"), Some("dark")]);
        assert_eq!(Theme::ALL.map(Theme::schemes), ["light dark", "light", "dark"]);
    }
}
