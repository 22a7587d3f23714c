//! A document of a hundred megabytes, made up as it is read, in bounded memory.

use crate::env::{Clock, SystemClock};
use crate::import::{Limits, Source, parse};
use std::fs::File;
use std::io::{BufWriter, Seek, Write};
use std::sync::Arc;

const BYTES: u64 = 100 * 1024 * 1024;

/// What this program holds of the machine's memory now and has held at most, in KiB (Linux alone).
fn memory() -> Option<(u64, u64)> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = |name: &str| {
        let line = status.lines().find(|line| line.starts_with(name))?;
        line.split_whitespace().nth(1)?.parse::<u64>().ok()
    };
    Some((line("VmRSS:")?, line("VmHWM:")?))
}

/// A municipality's worth of pupils at one institution, each with all that is passed over.
fn written(people: u64) -> File {
    let mut file = BufWriter::new(tempfile::tempfile().unwrap());
    writeln!(
        file,
        "<UNILoginImport sourceDateTime=\"2026-11-21T06:00:00Z\" source=\"s\" schoolYear=\"2026-2027\"><Institution>\
         <InstitutionNumber>999014</InstitutionNumber>"
    )
    .unwrap();
    for nth in 0..people / 25 {
        writeln!(
            file,
            "<Group><GroupId>g{nth}</GroupId><GroupName>{nth}</GroupName><GroupType>Hovedgruppe</GroupType></Group>"
        )
        .unwrap();
    }
    let address = "Lang Vej uden Ende 17, 4. tv., ved den store eg".repeat(20);
    for nth in 0..people {
        writeln!(
            file,
            "<InstitutionPerson><LocalPersonId>p{nth}</LocalPersonId><Person><FirstName>Given{nth}</FirstName>\
             <FamilyName>Family</FamilyName><Address><StreetAddress>{address}</StreetAddress></Address></Person>\
             <Student><Role>Elev</Role><Level>4</Level><MainGroupId>g{}</MainGroupId></Student></InstitutionPerson>",
            nth % (people / 25)
        )
        .unwrap();
    }
    writeln!(file, "</Institution></UNILoginImport>").unwrap();
    let mut file = file.into_inner().unwrap();
    file.rewind().unwrap();
    file
}

#[test]
#[ignore = "takes ten seconds without optimisation; prints the figure"]
fn a_hundred_megabytes_are_read_in_bounded_memory() {
    let people = 80_000;
    let file = written(people);
    let size = file.metadata().unwrap().len();
    assert!(size > BYTES * 8 / 10, "{size} bytes");
    let Some((before, _)) = memory() else { return println!("skipped: no /proc here") };
    let begun = SystemClock.now();
    let staged = parse(&Source::File(Arc::new(file)), &Limits::default(), &|_| {});
    let staged = staged.unwrap_or_else(|findings| panic!("{:?}", findings.errors()));
    let took = (SystemClock.now().0 - begun.0) / 1_000;
    assert_eq!(staged.users.rows.len() as u64, people);
    let (now, most) = memory().unwrap();
    println!("{size} bytes in {took} ms: {} KiB more than before, {} KiB at most", now - before, most - before);
    // The rows themselves remain; of the document no more than some pieces was ever there.
    assert!((most - now) * 1024 < 16 * 1024 * 1024 && (most - before) * 1024 < size);
    drop(staged);
}
