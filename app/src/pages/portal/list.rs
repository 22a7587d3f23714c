//! Material in lists: what it is called, what it is for, how large it is.

use super::FILES_ADDRESS;
use crate::t;
use crate::text::Locale;
use domain::MaterialId;
use domain::exchange::material::{MaterialLine, MaterialSubject};
use domain::material::{SchoolForm, name};
use leptos::prelude::*;

/// The address of a file.
#[must_use]
pub fn material_address(id: MaterialId) -> String {
    format!("{FILES_ADDRESS}{id}")
}

/// What opens, subject by subject.
///
/// Their names stand one step below a country's, where there are several countries.
pub(super) fn subjects(locale: Locale, subjects: &[&MaterialSubject], is_below: bool) -> AnyView {
    subjects
        .iter()
        .map(|subject| {
            let id = format!("subject-{}", subject.subject.slug);
            let name = subject.subject.name.clone();
            let lines = subject.materials.iter().map(|material| line(locale, material)).collect_view();
            let heading = match is_below {
                true => view! { <h3 id=id.clone()>{name}</h3> }.into_any(),
                false => view! { <h2 id=id.clone()>{name}</h2> }.into_any(),
            };
            view! {
                <section aria-labelledby=id>
                    {heading}
                    <ul class="list materials">{lines}</ul>
                </section>
            }
        })
        .collect_view()
        .into_any()
}

fn line(locale: Locale, material: &MaterialLine) -> AnyView {
    let form = material.school_form.map_or(t!(locale, portal.for_every_form), |form| school_form(locale, form));
    let kind = name::end_of(&material.file_name).map(str::to_uppercase);
    let size = size(locale, material.bytes);
    let facts: Vec<String> = std::iter::once(form.to_owned()).chain(kind).chain([size]).collect();
    let mark = material.protected.then(|| view! { " "<span class="tag">{t!(locale, portal.protected)}</span> });
    view! {
        <li>
            <a href=material_address(material.id)>{material.title.clone()}</a>{mark}
            <span class="sub">{facts.join(" · ")}</span>
        </li>
    }
    .into_any()
}

/// The name of a form of schooling.
pub(super) fn school_form(locale: Locale, form: SchoolForm) -> &'static str {
    match form {
        SchoolForm::Folkeskole => t!(locale, portal.forms.folkeskole),
        SchoolForm::FriGrundskole => t!(locale, portal.forms.fri_grundskole),
        SchoolForm::Efterskole => t!(locale, portal.forms.efterskole),
        SchoolForm::Specialskole => t!(locale, portal.forms.specialskole),
        SchoolForm::Forskoleklass => t!(locale, portal.forms.forskoleklass),
        SchoolForm::Grundskola => t!(locale, portal.forms.grundskola),
        SchoolForm::AnpassadGrundskola => t!(locale, portal.forms.anpassad_grundskola),
        SchoolForm::Specialskola => t!(locale, portal.forms.specialskola),
        SchoolForm::Sameskola => t!(locale, portal.forms.sameskola),
        SchoolForm::Gymnasieskola => t!(locale, portal.forms.gymnasieskola),
        SchoolForm::AnpassadGymnasieskola => t!(locale, portal.forms.anpassad_gymnasieskola),
        SchoolForm::Komvux => t!(locale, portal.forms.komvux),
    }
}

/// A file's length as people read it: 840 B, 12 kB, 3,4 MB.
fn size(locale: Locale, bytes: u64) -> String {
    let tenths = |of: u64| {
        let n = (bytes * 10 + of / 2) / of;
        let mark = if locale == Locale::en { '.' } else { ',' };
        if n < 100 { format!("{}{mark}{}", n / 10, n % 10) } else { ((n + 5) / 10).to_string() }
    };
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{} kB", tenths(1_000)),
        _ => format!("{} MB", tenths(1_000_000)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_short() {
        for (bytes, da, en) in [
            (0, "0 B", "0 B"),
            (999, "999 B", "999 B"),
            (1_000, "1,0 kB", "1.0 kB"),
            (9_940, "9,9 kB", "9.9 kB"),
            (12_345, "12 kB", "12 kB"),
            (3_400_000, "3,4 MB", "3.4 MB"),
            (200_000_000, "200 MB", "200 MB"),
        ] {
            assert_eq!((size(Locale::da, bytes).as_str(), size(Locale::en, bytes).as_str()), (da, en));
        }
    }
}
