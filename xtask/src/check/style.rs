//! One class, one stylesheet. All files end up in one, so what two of them lay out under one name
//! would be laid out twice, and mean two things.

use crate::workspace::Workspace;
use anyhow::{Result, bail};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;

/// Rules within these change what stands elsewhere, and are not the place that lays it out.
const CONDITIONS: [&str; 3] = ["@media", "@supports", "@container"];

/// Names every class that more than one file of `style/` lays out.
pub(super) fn check(workspace: &Workspace) -> Result<()> {
    let mut files = Vec::new();
    for entry in fs::read_dir(workspace.root.join("style"))? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        files.push((name, fs::read_to_string(&path)?));
    }
    files.sort();
    let faults = faults_of(&files);
    if faults.is_empty() { Ok(()) } else { bail!("classes that mean two things:\n{}", faults.join("\n")) }
}

fn faults_of(files: &[(String, String)]) -> Vec<String> {
    let mut places: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (name, text) in files {
        for class in classes_of(text) {
            places.entry(class).or_default().push(name);
        }
    }
    let shared = places.into_iter().filter(|(_, files)| files.len() > 1);
    shared.map(|(class, files)| format!(".{class} is laid out in {}", files.join(" and "))).collect()
}

/// The classes that stand alone in a selector, but for what is hovered or focused, outside of conditions.
fn classes_of(text: &str) -> BTreeSet<String> {
    let text: String = text.split("/*").map(|part| part.split_once("*/").map_or(part, |(_, after)| after)).collect();
    let (mut classes, mut conditions, mut prelude) = (BTreeSet::new(), Vec::new(), String::new());
    for letter in text.chars() {
        match letter {
            '{' => {
                let words = prelude.trim();
                let is_conditional =
                    conditions.last() == Some(&true) || CONDITIONS.iter().any(|condition| words.starts_with(condition));
                if !is_conditional {
                    classes.extend(words.split(',').filter_map(alone).map(str::to_owned));
                }
                conditions.push(is_conditional);
                prelude.clear();
            }
            '}' => {
                conditions.pop();
                prelude.clear();
            }
            ';' => prelude.clear(),
            letter => prelude.push(letter),
        }
    }
    classes
}

/// The class of a selector that is nothing but it: `.btn`, `.btn:hover`.
fn alone(selector: &str) -> Option<&str> {
    let selector = selector.trim().strip_prefix('.')?;
    let class = selector.split_once(':').map_or(selector, |(class, _)| class);
    let is_pseudo = selector.chars().all(|letter| letter.is_ascii_alphanumeric() || "-_:".contains(letter));
    (is_pseudo && !class.is_empty()).then_some(class)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_belongs_to_one_file() {
        let file = |name: &str, text: &str| (name.to_owned(), text.to_owned());
        let a = file("a.css", ".btn, .note:hover { top: 0; }\n.tag { top: 0 }");
        let within = file("b.css", "@layer b { .page .btn, .btn + .x, .btn.y { top: 0 } /* .btn { } */ }");
        let printed = file("c.css", "@media print { .btn { top: 0 } } .other { top: 0 }");
        assert!(faults_of(&[a.clone(), within, printed]).is_empty());
        let twice = file("d.css", "@layer d {\n  .x { top: 0 }\n  .y, .note { top: 0 }\n}");
        assert_eq!(faults_of(&[a, twice]), [".note is laid out in a.css and d.css"]);
    }
}
