//! Where settings come from.

use super::{Secrecy, Settings, SettingsError, TABLE, Value};
use std::collections::BTreeMap;
use std::path::Path;
use std::{fmt, fs};

/// Where a value came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// An option of the command.
    CommandLine,
    /// A variable of the environment, or the file that one names.
    Environment,
    /// The configuration file.
    File,
    /// The table itself.
    Default,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::CommandLine => "command line",
            Self::Environment => "environment",
            Self::File => "configuration file",
            Self::Default => "default",
        })
    }
}

/// Keys and texts from one source.
#[derive(Clone, Debug)]
pub struct Layer {
    source: Source,
    values: BTreeMap<String, String>,
}

impl Layer {
    /// A layer of these pairs.
    pub fn new(source: Source, values: impl IntoIterator<Item = (String, String)>) -> Self {
        Self { source, values: values.into_iter().collect() }
    }

    /// The variables that begin with `ADGANG_`. `ADGANG_KEY_FILE` names a file that holds the value,
    /// as container platforms and systemd hand over secrets.
    ///
    /// # Errors
    /// If such a file cannot be read, or a value is given both ways.
    pub fn environment(variables: impl IntoIterator<Item = (String, String)>) -> Result<Self, SettingsError> {
        let mut values = BTreeMap::new();
        for (name, value) in variables {
            let Some(key) = name.strip_prefix("ADGANG_").filter(|key| !is_not_a_setting(key)) else { continue };
            let key = key.to_lowercase();
            let (key, value) = match key.strip_suffix("_file") {
                Some(key) => (key.to_owned(), read_file(&name, Path::new(&value))?),
                None => (key, value),
            };
            if values.insert(key, value).is_some() {
                return Err(SettingsError(format!("{name} is set both as a value and as a file; keep one")));
            }
        }
        Ok(Self { source: Source::Environment, values })
    }

    /// The configuration file: TOML, one key a line.
    ///
    /// # Errors
    /// If it cannot be read or is not such a file.
    pub fn file(path: &Path) -> Result<Self, SettingsError> {
        let text = fs::read_to_string(path).map_err(|error| {
            SettingsError(format!("the configuration file {} cannot be read: {error}", path.display()))
        })?;
        let table: toml::Table = text.parse().map_err(|error: toml::de::Error| {
            SettingsError(format!("the configuration file {} is not TOML: {}", path.display(), error.message()))
        })?;
        let values = table.into_iter().map(|(key, value)| Ok((key.clone(), plain(&key, value)?)));
        Ok(Self { source: Source::File, values: values.collect::<Result<_, SettingsError>>()? })
    }
}

/// Variables of the same beginning that belong to the tests or name the configuration file.
fn is_not_a_setting(key: &str) -> bool {
    key == "CONFIG" || key.starts_with("TEST_")
}

fn read_file(variable: &str, path: &Path) -> Result<String, SettingsError> {
    let text = fs::read_to_string(path).map_err(|error| {
        SettingsError(format!("{variable} names {}, which cannot be read: {error}", path.display()))
    })?;
    Ok(text.trim_end().to_owned())
}

fn plain(key: &str, value: toml::Value) -> Result<String, SettingsError> {
    match value {
        toml::Value::String(text) => Ok(text),
        toml::Value::Integer(number) => Ok(number.to_string()),
        toml::Value::Boolean(truth) => Ok(truth.to_string()),
        toml::Value::Array(values) => {
            let values: Result<Vec<String>, _> = values.into_iter().map(|value| plain(key, value)).collect();
            Ok(values?.join(","))
        }
        _ => Err(SettingsError(format!("`{key}` in the configuration file is neither a text, a number nor a list"))),
    }
}

/// Refuses a key that the table does not know, rather than ignoring what was meant.
pub(super) fn refuse_unknown(layers: &[Layer]) -> Result<(), SettingsError> {
    for layer in layers {
        if let Some(key) = layer.values.keys().find(|key| !TABLE.iter().any(|row| row.key == key.as_str())) {
            return Err(SettingsError(format!(
                "`{key}` ({}) is not a setting; see `adgang config print`",
                layer.source
            )));
        }
    }
    Ok(())
}

/// The text of a setting and where it came from.
fn find<'a>(layers: &'a [Layer], key: &str) -> (&'a str, &'a Source) {
    let found = layers.iter().find_map(|layer| Some((layer.values.get(key)?.as_str(), &layer.source)));
    let default = TABLE.iter().find(|row| row.key == key).map_or("", |row| row.default);
    found.unwrap_or((default, &Source::Default))
}

/// Reads one setting.
pub(super) fn read<T: Value>(layers: &[Layer], key: &str) -> Result<T, SettingsError> {
    let (text, source) = find(layers, key);
    let secret = TABLE.iter().any(|row| row.key == key && row.secrecy != Secrecy::Open);
    T::read(text).map_err(|good| {
        let shown = if secret { "what it holds".to_owned() } else { format!("`{text}`") };
        SettingsError(format!("`{key}` ({source}): {shown} is not {good}"))
    })
}

impl Settings {
    /// Key, value and source of every setting; of a secret one only what may be shown.
    #[must_use]
    pub fn shown(layers: &[Layer]) -> Vec<(&'static str, String, Source)> {
        let shown = TABLE.iter().map(|row| {
            let (text, source) = find(layers, row.key);
            let text = match row.secrecy {
                Secrecy::Open => text.to_owned(),
                Secrecy::Password => without_password(text),
                Secrecy::Whole if text.is_empty() => String::new(),
                Secrecy::Whole => "…".to_owned(),
            };
            (row.key, text, source.clone())
        });
        shown.collect()
    }
}

/// An address without what stands between `//` and `@`.
fn without_password(url: &str) -> String {
    match url.split_once("://").and_then(|(scheme, rest)| Some((scheme, rest.rsplit_once('@')?.1))) {
        Some((scheme, rest)) => format!("{scheme}://…@{rest}"),
        None => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn the_command_line_goes_before_the_environment_and_that_before_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("adgang.toml");
        fs::write(&file, "log = 'debug'\nstop_seconds = 3\ntrusted_proxy = ['10.0.0.1', '10.0.0.2']\n").unwrap();
        let layers = [
            Layer::new(Source::CommandLine, pairs(&[("log", "error")])),
            Layer::environment(pairs(&[("ADGANG_LOG", "warn"), ("ADGANG_STOP_SECONDS", "4"), ("PATH", "x")])).unwrap(),
            Layer::file(&file).unwrap(),
        ];
        let settings = Settings::read(&layers).unwrap();
        assert_eq!((settings.log.as_str(), settings.stop_seconds, settings.trusted_proxy.len()), ("error", 4, 2));
        let sources: Vec<_> = Settings::shown(&layers).into_iter().map(|(key, _, source)| (key, source)).collect();
        assert!(sources.contains(&("stop_seconds", Source::Environment)));
        assert!(sources.contains(&("trusted_proxy", Source::File)));
        assert!(sources.contains(&("listen", Source::Default)));
    }

    #[test]
    fn a_secret_may_stand_in_a_file_and_is_not_shown() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("url");
        fs::write(&file, "postgres://adgang:hunter2@db/adgang\n").unwrap();
        let variables = [("ADGANG_DATABASE_FILE", file.to_str().unwrap())];
        let layers = [Layer::environment(pairs(&variables)).unwrap()];
        assert_eq!(Settings::read(&layers).unwrap().database.as_str(), "postgres://adgang:hunter2@db/adgang");
        assert!(Settings::shown(&layers).iter().all(|(_, value, _)| !value.contains("hunter2")));
        let mail = [Layer::environment(pairs(&[("ADGANG_SMTP_PASSWORD_FILE", variables[0].1)])).unwrap()];
        assert!(Settings::read(&mail).unwrap().smtp_password.is_some());
        assert!(Settings::shown(&mail).iter().all(|(_, value, _)| !value.contains("hunter2")));
        assert!(!format!("{:?}", Settings::read(&mail).unwrap()).contains("hunter2"));
        let both = [variables[0], ("ADGANG_DATABASE", "sqlite:a.db")];
        Layer::environment(pairs(&both)).unwrap_err();
    }

    #[test]
    fn unknown_variables_and_keys_are_refused_and_those_of_tests_are_not() {
        let read = |name: &str| Settings::read(&[Layer::environment(pairs(&[(name, "x")])).unwrap()]);
        assert!(read("ADGANG_PUBLIK_URL").unwrap_err().to_string().contains("publik_url"));
        read("ADGANG_TEST_POSTGRES").unwrap();
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("adgang.toml");
        for (text, told) in [("portt = 1", "portt"), ("[log]\na = 1", "log"), ("log = ", "TOML")] {
            fs::write(&file, text).unwrap();
            let error = Layer::file(&file).and_then(|layer| Settings::read(&[layer])).unwrap_err().to_string();
            assert!(error.contains(told), "{error}");
        }
    }
}
