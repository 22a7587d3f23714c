//! `adgang config check` and `adgang config print`

use super::Context;
use crate::answer::{Answer, Failure};
use crate::cli::Config;
use crate::settings::{Settings, TABLE};
use serde_json::json;
use std::fmt::Write;

/// Looks at the configuration; needs no database.
pub(super) fn run(context: &Context, command: Config) -> Result<Answer, Failure> {
    match command {
        Config::Check => check(context),
        Config::Print => Ok(print(context)),
    }
}

/// Every value has been understood by now; what is left is whether they go together.
fn check(context: &Context) -> Result<Answer, Failure> {
    let address = context.settings.address()?;
    context.catalogue()?;
    context.settings.mail()?;
    Ok(Answer::done("The configuration is sound.", json!({ "sound": true, "address": address.to_string() })))
}

/// The configuration as a file, with where each value comes from.
fn print(context: &Context) -> Answer {
    let mut text = String::new();
    let mut object = serde_json::Map::new();
    for (row, (key, value, source)) in TABLE.iter().zip(Settings::shown(&context.layers)) {
        let comment = if value.is_empty() { "# " } else { "" };
        let _ = writeln!(
            text,
            "#{}\n# {}, {source}\n{comment}{key} = {}\n",
            row.doc,
            row.variable(),
            toml::Value::from(value.as_str())
        );
        object.insert(key.to_owned(), json!({ "value": value, "source": source.to_string() }));
    }
    Answer::done(text, object.into())
}
