//! Registry files with the settings of a banner.

use super::{Application, BANNER_KEY, URLS};
use crate::registry::{WriteError, Writer};

/// Where the documents of one type of applications are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum UrlLayout {
    /// Below `URLs`, as for all applications.
    #[default]
    Urls,
    /// Directly below the application's key, as the old guide prints it.
    Flat,
}

impl UrlLayout {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Urls, Self::Flat];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Urls => "urls",
            Self::Flat => "flat",
        }
    }
}

/// The settings of a banner.
#[derive(Debug, Clone, Default)]
pub struct Order {
    /// Documents in the order in which they are tried; `true`: an error page.
    pub urls: Vec<(String, bool)>,
    /// For whom: `None` are all applications without a key of their own.
    pub scopes: Vec<Option<Application>>,
    /// Whether log-in is impossible until the banner is accepted.
    pub is_mandatory: bool,
    /// When it is shown again: 0, 1 or 2.
    pub ack_mode: u32,
    /// The title of its window.
    pub title: Option<String>,
    /// Height of the window in pixels.
    pub height: Option<u32>,
    /// Width of the window in pixels.
    pub width: Option<u32>,
    /// How long a document may take to appear, in milliseconds.
    pub show_timeout: Option<u32>,
    /// How long a document may take to be complete, in milliseconds.
    pub no_complete_timeout: Option<u32>,
    /// Whether variables in the documents' places are replaced.
    pub expands: bool,
    /// Where the documents of one type of applications are.
    pub layout: UrlLayout,
}

/// The key with the settings for all applications, or for one type.
fn key_of(scope: Option<Application>) -> String {
    scope.map_or_else(
        || BANNER_KEY.to_owned(),
        |kind| format!("{BANNER_KEY}\\{}", kind.number()),
    )
}

/// A file with which these settings are imported. Documents that are there already are removed first: their numbers would go on.
///
/// # Errors
/// [`WriteError`].
pub fn build(order: &Order) -> Result<Vec<u8>, WriteError> {
    let mut file = Writer::default();
    for scope in &order.scopes {
        let key = key_of(*scope);
        let is_flat = scope.is_some() && order.layout == UrlLayout::Flat;
        let urls = if is_flat {
            key.clone()
        } else {
            format!("{key}\\{URLS}")
        };
        // The key of one application has nothing else in it; that for all has those of others.
        file.remove_key(if scope.is_some() { &key } else { &urls })?;
        file.key(&key)?;
        values(order, &mut file)?;
        for (at, (url, is_error_page)) in order.urls.iter().enumerate() {
            file.key(&format!("{urls}\\{}", at + 1))?;
            if order.expands {
                file.expand("URL", url)?;
            } else {
                file.text("URL", url)?;
            }
            file.number("ErrorPage", u32::from(*is_error_page))?;
        }
    }
    Ok(file.into_bytes())
}

fn values(order: &Order, file: &mut Writer) -> Result<(), WriteError> {
    file.number("AckMandatory", u32::from(order.is_mandatory))?;
    file.number("AckMode", order.ack_mode)?;
    if let Some(title) = &order.title {
        file.text("Title", title)?;
    }
    let numbers = [
        ("Height", order.height),
        ("Width", order.width),
        ("ShowUpTimeout", order.show_timeout),
        ("NoCompleteTimeout", order.no_complete_timeout),
    ];
    let given = numbers
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)));
    given
        .into_iter()
        .try_for_each(|(name, value)| file.number(name, value))
}

/// A file with which the settings are removed: for all applications, with those of single ones.
///
/// # Errors
/// [`WriteError`].
pub fn build_removal(scopes: &[Option<Application>]) -> Result<Vec<u8>, WriteError> {
    let mut file = Writer::default();
    scopes
        .iter()
        .try_for_each(|scope| file.remove_key(&key_of(*scope)))?;
    Ok(file.into_bytes())
}

#[cfg(test)]
mod tests {
    use super::super::{effective, lint};
    use super::*;
    use crate::registry::RegistryFile;
    use gsec_pki::x509::path::Severity;
    use proptest::prelude::*;

    fn read(order: &Order) -> RegistryFile {
        RegistryFile::parse(&build(order).expect("a file"))
    }

    #[test]
    fn what_is_written_is_effective() {
        let app = Application::parse("19").ok();
        for layout in UrlLayout::ALL {
            let order = Order {
                urls: vec![
                    ("http://h/b.htm".into(), false),
                    ("%SystemRoot%\\e.htm".into(), true),
                ],
                scopes: vec![None, app],
                is_mandatory: true,
                ack_mode: 2,
                title: Some("A \"title\" \\ more".into()),
                height: Some(300),
                width: Some(400),
                show_timeout: Some(0),
                no_complete_timeout: Some(1),
                expands: true,
                layout,
            };
            let file = read(&order);
            for scope in [None, app] {
                let found = effective(&file, scope);
                let values: Vec<Option<&str>> = found
                    .values
                    .iter()
                    .map(|(_, value, _)| value.as_deref())
                    .collect();
                let expected = [
                    Some("1"),
                    Some("2"),
                    Some("300"),
                    Some("400"),
                    Some("1"),
                    Some("0"),
                    Some("A \"title\" \\ more"),
                ];
                assert_eq!(values, expected);
                let urls: Vec<(String, bool)> = found
                    .urls
                    .into_iter()
                    .map(|url| (url.url, url.is_error_page))
                    .collect();
                assert_eq!(urls, order.urls);
            }
            assert!(
                lint(&file, None)
                    .iter()
                    .all(|found| found.severity == Severity::Notice),
                "{:?}",
                lint(&file, None)
            );
        }
    }

    #[test]
    fn removal_deletes_the_keys() {
        let app = Application::parse("51").ok();
        let file = RegistryFile::parse(&build_removal(&[None, app]).expect("a file"));
        let keys: Vec<(&str, bool)> = file
            .keys
            .iter()
            .map(|key| (key.path.as_str(), key.is_removed))
            .collect();
        let own = format!("{BANNER_KEY}\\51");
        assert_eq!(keys, [(BANNER_KEY, true), (own.as_str(), true)]);
    }

    proptest! {
        #[test]
        fn any_text_comes_back_or_is_refused(url in "\\PC{1,40}", title in "\\PC{0,40}", expands in any::<bool>()) {
            let order = Order {
                urls: vec![(url.clone(), false)],
                scopes: vec![None],
                title: Some(title.clone()),
                expands,
                ..Order::default()
            };
            if let Ok(bytes) = build(&order) {
                let found = effective(&RegistryFile::parse(&bytes), None);
                prop_assert_eq!(found.values[6].1.as_deref(), Some(title.as_str()));
                if !url.trim().is_empty() {
                    prop_assert_eq!(&found.urls[0].url, &url);
                }
            }
        }
    }
}
