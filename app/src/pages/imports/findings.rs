//! What is wrong or odd about a file: where, what, how often. Never the value of a field.

use crate::text::{Locale, number};
use crate::{plural, t};
use domain::import::Finding;
use leptos::prelude::*;

/// Errors or warnings; nothing where there are none.
pub(super) fn findings_table(locale: Locale, findings: &[Finding], are_errors: bool) -> Option<AnyView> {
    if findings.is_empty() {
        return None;
    }
    let n = findings.len();
    let caption = if are_errors {
        plural!(locale, n, import.error, import.errors)
    } else {
        plural!(locale, n, import.warning, import.warnings)
    };
    let rows = findings
        .iter()
        .map(|finding| {
            let file =
                if finding.file.is_empty() { t!(locale, import.bundle).to_owned() } else { finding.file.clone() };
            view! {
                <tr>
                    <th scope="row">{file}</th>
                    <td class="r">{place(locale, finding)}</td>
                    <td>{finding.column.clone()}</td>
                    <td>{sentence(locale, finding)}<span class="sub">{finding.code.clone()}</span></td>
                    <td class="r">{number(locale, finding.count)}</td>
                </tr>
            }
        })
        .collect_view();
    let label = caption.clone();
    Some(
        view! {
            <section class="scroll-x" tabindex="0" role="region" aria-label=label>
                <table class="tbl">
                    <caption>{caption}</caption>
                    <thead>
                        <tr>
                            <th scope="col">{t!(locale, import.file_column)}</th>
                            <th scope="col" class="r">{t!(locale, import.line)}</th>
                            <th scope="col">{t!(locale, import.column)}</th>
                            <th scope="col">{t!(locale, import.what)}</th>
                            <th scope="col" class="r">{t!(locale, import.count)}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </section>
        }
        .into_any(),
    )
}

/// The line, and where in it: "12:34".
fn place(locale: Locale, finding: &Finding) -> Option<String> {
    let line = number(locale, finding.line?);
    Some(match finding.position {
        Some(position) => format!("{line}:{}", number(locale, position)),
        None => line,
    })
}

/// The sentence of a finding's code in the person's language; English where the code is newer than the page.
fn sentence(locale: Locale, finding: &Finding) -> String {
    let known = match finding.code.as_str() {
        "unreadable" | "zip-broken" => t!(locale, finding.zip_broken),
        "too-large" | "too-many-rows" | "too-many-files" => t!(locale, finding.too_large),
        "zip-bomb" => t!(locale, finding.zip_bomb),
        "file-duplicate" => t!(locale, finding.file_duplicate),
        "file-unknown" | "file-unexpected" => t!(locale, finding.file_not_read),
        "file-missing" | "file-needed" => t!(locale, finding.file_missing),
        "manifest-missing" => t!(locale, finding.manifest_missing),
        "manifest-mode" => t!(locale, finding.manifest_mode),
        "version-unsupported" => t!(locale, finding.version),
        "encoding-utf16" | "encoding-not-utf8" => t!(locale, finding.encoding),
        "column-missing" => t!(locale, finding.column_missing),
        "column-duplicate" => t!(locale, finding.column_duplicate),
        "column-unknown" => t!(locale, finding.column_unknown),
        "row-length" => t!(locale, finding.row_length),
        "value-missing" => t!(locale, finding.value_missing),
        "value-too-long" => t!(locale, finding.value_too_long),
        "value-invalid" => t!(locale, finding.value_invalid),
        "date-invalid" => t!(locale, finding.date_invalid),
        "dates-reversed" => t!(locale, finding.dates_reversed),
        "id-duplicate" => t!(locale, finding.id_duplicate),
        "reference-missing" => t!(locale, finding.reference_missing),
        "term-unknown" => t!(locale, finding.term_unknown),
        "not-at-school" => t!(locale, finding.not_at_school),
        "status-in-bulk" => t!(locale, finding.status_in_bulk),
        "deleted-in-bulk" => t!(locale, finding.deleted_in_bulk),
        "trimmed" => t!(locale, finding.trimmed),
        "invisible-characters" => t!(locale, finding.invisible),
        "name-missing" => t!(locale, finding.name_missing),
        "role-ignored" => t!(locale, finding.role_ignored),
        "role-unknown" => t!(locale, finding.role_unknown),
        "user-disabled" => t!(locale, finding.user_disabled),
        "grade-unknown" => t!(locale, finding.grade_unknown),
        "grade-several" => t!(locale, finding.grade_several),
        "school-none" => t!(locale, finding.school_none),
        "school-not-found" => t!(locale, finding.school_not_found),
        "school-ambiguous" => t!(locale, finding.school_ambiguous),
        "school-code" => t!(locale, finding.school_code),
        "other-schools" => t!(locale, finding.other_schools),
        "delta-first" => t!(locale, finding.delta_first),
        "format-unknown" => t!(locale, finding.format_unknown),
        "xml-broken" => t!(locale, finding.xml_broken),
        "xml-doctype" => t!(locale, finding.xml_doctype),
        "xml-entity" => t!(locale, finding.xml_entity),
        "xml-limit" => t!(locale, finding.xml_limit),
        "root-unknown" => t!(locale, finding.root_unknown),
        "export-small" => t!(locale, finding.export_small),
        "element-unknown" => t!(locale, finding.element_unknown),
        "element-twice" => t!(locale, finding.element_twice),
        "group-type-unknown" => t!(locale, finding.group_type_unknown),
        "pupil-role-unknown" => t!(locale, finding.pupil_role_unknown),
        "uni-id-odd" => t!(locale, finding.uni_id_odd),
        "id-national-number" => t!(locale, finding.id_national),
        "list-not-there" => t!(locale, finding.list_not_there),
        "file-older" => t!(locale, finding.file_older),
        "school-other" => t!(locale, finding.school_other),
        _ => return finding.message.clone(),
    };
    // After its sentence a message may name schools, never a person.
    match finding.message.split_once(". ") {
        Some((_, about)) => format!("{known} {about}"),
        None => known.to_owned(),
    }
}
