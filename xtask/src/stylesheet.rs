//! One stylesheet out of `style/main.css` and what it imports.

use anyhow::{Context, Result, bail};
use std::fs;
use std::path::Path;

/// Reads `style/main.css` and puts the file of each `@import` in its place.
///
/// Understood is what the project writes: `@import "name.css";`, or the same with `layer(name)`.
pub(crate) fn bundle(folder: &Path) -> Result<String> {
    let main = folder.join("main.css");
    let main = fs::read_to_string(&main).with_context(|| format!("{} cannot be read", main.display()))?;
    let mut bundle = String::new();
    for line in main.lines() {
        match line.trim().strip_prefix("@import") {
            Some(import) => bundle.push_str(&inline(folder, import)?),
            None => bundle.push_str(line),
        }
        bundle.push('\n');
    }
    Ok(bundle)
}

/// The same without comments and indentation, which people read and browsers do not.
pub(crate) fn slim(style: &str) -> String {
    let mut bare = String::with_capacity(style.len());
    let mut rest = style;
    while let Some((before, after)) = rest.split_once("/*") {
        bare.push_str(before);
        rest = after.split_once("*/").map_or("", |(_, after)| after);
    }
    bare.push_str(rest);
    let lines = bare.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.fold(String::new(), |text, line| text + line + "\n")
}

fn inline(folder: &Path, import: &str) -> Result<String> {
    let mut parts = import.splitn(3, '"');
    let (Some(_), Some(name), Some(rest)) = (parts.next(), parts.next(), parts.next()) else {
        bail!("style/main.css: `@import{import}` names no file in double quotes");
    };
    let path = folder.join(name);
    let text = fs::read_to_string(&path).with_context(|| format!("{} cannot be read", path.display()))?;
    match rest.trim().trim_end_matches(';').trim() {
        "" => Ok(text),
        condition => match condition.strip_prefix("layer(").and_then(|layer| layer.strip_suffix(')')) {
            Some(layer) => Ok(format!("@layer {layer} {{\n{text}}}")),
            None => bail!("style/main.css: `{condition}` after an @import is not understood; only layer(name) is"),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::{bundle, slim};
    use std::fs;

    #[test]
    fn comments_and_indentation_go_and_nothing_else() {
        let style =
            "/* Why,\n   in two lines. */\np {\n  top: 0; /* here */ left: 1px\n}\n\nq::after { content: \"a  b\" }\n";
        assert_eq!(slim(style), "p {\ntop: 0;  left: 1px\n}\nq::after { content: \"a  b\" }\n");
    }

    #[test]
    fn imports_stand_in_their_order_and_layers() {
        let folder = std::env::temp_dir().join(format!("adgang-style-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("main.css"), "@layer a, b;\n@import \"a.css\" layer(a);\n@import \"b.css\";\n").unwrap();
        fs::write(folder.join("a.css"), "p { top: 0 }\n").unwrap();
        fs::write(folder.join("b.css"), "q { top: 1 }\n").unwrap();
        assert_eq!(bundle(&folder).unwrap(), "@layer a, b;\n@layer a {\np { top: 0 }\n}\nq { top: 1 }\n\n");
        fs::write(folder.join("main.css"), "@import \"a.css\" screen;\n").unwrap();
        assert!(bundle(&folder).unwrap_err().to_string().contains("screen"));
        fs::remove_dir_all(folder).unwrap();
    }
}
