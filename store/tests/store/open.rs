//! Opening, refusing and migrating databases; transactions.

use sqlx::ConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;
use std::path::Path;
use store::testing::{TestDb, on_both, on_both_of_schema};
use store::{CURRENT_SCHEMA, Db, Error};

fn url(path: &Path) -> String {
    format!("sqlite:{}", path.display())
}

#[tokio::test]
async fn both_engines_have_the_same_tables_and_columns() {
    let sqlite = TestDb::sqlite().await.unwrap().columns().await.unwrap();
    assert!(sqlite.len() > 25 && sqlite.contains_key("decision"), "{:?}", sqlite.keys());
    if let Some(postgres) = TestDb::postgres().await.unwrap() {
        assert_eq!(sqlite, postgres.columns().await.unwrap());
        postgres.finish().await.unwrap();
    }
}

#[tokio::test]
async fn open_makes_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a/b.db");
    assert!(matches!(Db::open(&url(&path)).await, Err(Error::Absent)));
    assert!(!path.exists());
    Db::create(&url(&path)).await.unwrap().close().await;
    Db::open(&url(&path)).await.unwrap();
}

#[tokio::test]
async fn an_older_newer_or_foreign_database_is_refused() {
    on_both(async |test| {
        test.tamper("INSERT INTO adgang_schema (version, name) VALUES (99, 'later')").await.unwrap();
        assert!(matches!(Db::open(&test.url).await, Err(Error::Newer { found: 99, known: CURRENT_SCHEMA })));
        assert!(matches!(Db::create(&test.url).await, Err(Error::Newer { .. })));
        test.tamper("DELETE FROM adgang_schema").await.unwrap();
        assert!(matches!(Db::open(&test.url).await, Err(Error::Older { found: 0, needed: CURRENT_SCHEMA })));
        test.tamper("DROP TABLE adgang_schema").await.unwrap();
        assert!(matches!(Db::open(&test.url).await, Err(Error::NotOurs)));
        assert!(matches!(Db::create(&test.url).await, Err(Error::NotOurs)));
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused_and_kept() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notes.txt");
    let text = "not a database at all, just some notes that somebody wants to keep. ".repeat(100);
    std::fs::write(&path, &text).unwrap();
    assert!(matches!(Db::open(&url(&path)).await, Err(Error::NotOurs)));
    assert!(matches!(Db::create(&url(&path)).await, Err(Error::NotOurs)));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
}

#[tokio::test]
async fn another_programs_database_is_left_byte_for_byte() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("theirs.db");
    let mine = TestDb::sqlite().await.unwrap();
    mine.tamper("DROP TABLE adgang_schema").await.unwrap();
    // VACUUM INTO writes a file that is not in write-ahead logging.
    store::backup::copy(mine.db.file().unwrap(), &path).await.unwrap();
    let before = std::fs::read(&path).unwrap();
    assert!(matches!(Db::open(&url(&path)).await, Err(Error::NotOurs)));
    assert!(matches!(Db::create(&url(&path)).await, Err(Error::NotOurs)));
    assert_eq!(std::fs::read(&path).unwrap(), before);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "no log beside it");
}

#[cfg(unix)]
#[tokio::test]
async fn a_new_file_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a/b/c.db");
    let db = Db::create(&url(&path)).await.unwrap();
    store::write!(db, async |tx| { store::installation::keep(tx, "k", "v").await }).unwrap();
    let mode = |name: &str| folder.path().join(name).metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(["a", "a/b"].map(mode), [0o700; 2]);
    assert_eq!(["a/b/c.db", "a/b/c.db-wal", "a/b/c.db-shm"].map(mode), [0o600; 3]);
    // Made once, opened ever after.
    db.close().await;
    Db::create(&url(&path)).await.unwrap();
}

#[tokio::test]
async fn wrong_urls_are_refused_without_repeating_them() {
    for wrong in ["", "data.db", "mysql://u:hemmelig@h/d", "sqlite:", "sqlite::memory:"] {
        let error = Db::open(wrong).await.unwrap_err();
        assert!(matches!(error, Error::BadUrl), "{wrong}");
        assert!(!error.to_string().contains("hemmelig"));
    }
}

#[tokio::test]
async fn a_write_can_run_on_another_task() {
    fn assert_send<T: Send>(value: T) -> T {
        value
    }
    on_both(async |test| {
        let (db, name) = (test.db.clone(), String::from("x"));
        let write = assert_send(async move {
            let seen = &name;
            store::write!(db, async |_tx| { Ok::<_, Error>(seen.len()) })
        });
        assert_eq!(tokio::spawn(write).await.unwrap().unwrap(), 1);
    })
    .await
    .unwrap();
}

/// A migration may put a table in another's place: what pointed at the old one points at the new.
#[tokio::test]
async fn after_a_migration_keys_are_checked_as_before() {
    on_both_of_schema(1, async |test| {
        test.migrate().await.unwrap();
        let orphan = "INSERT INTO account_password (account_id, phc, issued, failures, dead, changed) \
             SELECT id, 'x', TRUE, 0, FALSE, 0 FROM authority";
        let id = if test.db.file().is_some() { "zeroblob(16)" } else { "gen_random_uuid()" };
        let authority = format!("INSERT INTO authority (id, code, name, country) VALUES ({id}, '1', 'A', 'dk')");
        test.tamper(&authority).await.unwrap();
        assert!(matches!(test.tamper(orphan).await, Err(Error::Database { .. })), "no such account");
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_row_that_points_at_nothing_stops_a_migration_and_nothing_is_changed() {
    on_both_of_schema(1, async |test| {
        let Some(file) = test.db.file().map(Path::to_owned) else { return };
        let mut past = SqliteConnectOptions::new().filename(&file).foreign_keys(false).connect().await.unwrap();
        sqlx::raw_sql(
            "INSERT INTO account_password (account_id, phc, issued, failures, dead, changed) \
             VALUES (zeroblob(16), 'x', 1, 0, 0, 0)",
        )
        .execute(&mut past)
        .await
        .unwrap();
        drop(past);
        let stopped = Db::create(&test.url).await.unwrap_err();
        assert!(stopped.to_string().contains("account_password"), "{stopped}");
        assert!(matches!(Db::open(&test.url).await, Err(Error::Older { found: 1, .. })));
    })
    .await
    .unwrap();
}

/// What is promised about SQLite: a committed transaction is on the disk, rows point at rows that are
/// there, and no column takes a value of another kind.
#[tokio::test]
async fn sqlite_is_opened_and_made_as_is_promised() {
    let test = TestDb::sqlite().await.unwrap();
    let writing = async |pragma: &str| {
        let mut tx = test.db.begin_write().await.unwrap();
        store::testing::pragma(&mut tx, pragma).await.unwrap().unwrap()
    };
    let reading = async |pragma: &str| {
        let mut tx = test.db.read().await.unwrap();
        store::testing::pragma(&mut tx, pragma).await.unwrap().unwrap()
    };
    // FULL is 2, ON is 1.
    for (pragma, value) in
        [("journal_mode", "wal"), ("synchronous", "2"), ("foreign_keys", "1"), ("secure_delete", "1")]
    {
        assert_eq!((writing(pragma).await.as_str(), reading(pragma).await.as_str()), (value, value), "{pragma}");
    }
    assert_eq!((writing("query_only").await.as_str(), reading("query_only").await.as_str()), ("0", "1"));
    let tables = store::testing::strictness(&test.db).await.unwrap();
    assert_eq!(tables.len(), test.columns().await.unwrap().len());
    let loose: Vec<&str> = tables.iter().filter(|(_, strict)| !strict).map(|(name, _)| name.as_str()).collect();
    assert!(loose.is_empty(), "not STRICT: {loose:?}");
    test.finish().await.unwrap();
}
