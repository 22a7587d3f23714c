//! The demo's material: a few invented sheets for each country, some of them protected, and who of
//! the demo's teachers was given which subjects. One of them was given none, so that the portal's
//! way of saying so can be seen.

use crate::portal::MaterialOrder;
use crate::{Actor, Fault, Service};
use domain::exchange::material::SubjectsOrder;
use domain::material::SchoolForm;
use domain::{Capacity, InstitutionId};
use std::io::Cursor;
use uuid::Uuid;

/// The longest sheet, in bytes.
const SHEET_MAX: u64 = 64 * 1024;

/// A sheet.
struct Sheet {
    country: &'static str,
    subject: &'static str,
    form: Option<SchoolForm>,
    protected: bool,
    title: &'static str,
    file: &'static str,
    text: &'static str,
}

const SHEETS: [Sheet; 11] = [
    Sheet {
        country: "dk",
        subject: "dansk-laesning",
        form: Some(SchoolForm::Folkeskole),
        protected: false,
        title: "Vejledning: læsetest i 4. klasse",
        file: "Vejledning læsetest 4. klasse.txt",
        text: "Vejledning til læsetesten (opdigtet til demoen)\n\nBook et lokale uden gennemgang. Eleverne må få \
               opgaven læst højt én gang. Sæt 45 minutter af, og 60 til elever med forlænget tid.\n",
    },
    Sheet {
        country: "dk",
        subject: "dansk-laesning",
        form: Some(SchoolForm::Folkeskole),
        protected: true,
        title: "Læsetest 4. klasse: opgavehæfte A",
        file: "Opgavehæfte A.txt",
        text: "Opgavehæfte A (opdigtet til demoen)\n\n1. Fyret på Grå Holm\nFyrpasser Alma tæller lysglimt. Hvor mange \
               glimt er der på et døgn, når der er tre i minuttet?\n",
    },
    Sheet {
        country: "dk",
        subject: "dansk-laesning",
        form: Some(SchoolForm::Folkeskole),
        protected: true,
        title: "Læsetest 4. klasse: retteark A",
        file: "Retteark A.csv",
        text: "opgave;svar;point\n1;4320;2\n2;fordi tågen lettede;1\n3;c;1\n",
    },
    Sheet {
        country: "dk",
        subject: "matematik",
        form: None,
        protected: false,
        title: "Formelsamling",
        file: "Formelsamling.txt",
        text: "Formelsamling (opdigtet til demoen)\n\nAreal af et rektangel: længde gange bredde.\n",
    },
    Sheet {
        country: "dk",
        subject: "matematik",
        form: Some(SchoolForm::Folkeskole),
        protected: true,
        title: "Matematik 6. klasse: opgavehæfte",
        file: "Matematik 6.txt",
        text: "Opgavehæfte (opdigtet til demoen)\n\n1. En færge sejler hvert kvarter fra kl. 7.10. Hvornår går den femte?\n",
    },
    Sheet {
        country: "dk",
        subject: "engelsk",
        form: Some(SchoolForm::Folkeskole),
        protected: true,
        title: "Engelsk 7. klasse: lyttetekst",
        file: "Lyttetekst.txt",
        text: "Listening text (made up for the demo)\n\nThe kettle in the lighthouse whistled twice before anybody woke.\n",
    },
    Sheet {
        country: "se",
        subject: "svenska",
        form: Some(SchoolForm::Grundskola),
        protected: false,
        title: "Bedömningsstöd: muntlig framställning, årskurs 6",
        file: "Bedömningsstöd muntligt åk 6.txt",
        text: "Bedömningsstöd (påhittat för demon)\n\nLyssna efter inledning, röd tråd och avslutning.\n",
    },
    Sheet {
        country: "se",
        subject: "svenska",
        form: Some(SchoolForm::Grundskola),
        protected: true,
        title: "Läsförståelse, årskurs 6: häfte",
        file: "Läsförståelse åk 6.txt",
        text: "Häfte (påhittat för demon)\n\nFyren på Grå Holmen blinkar tre gånger i minuten. Vem räknar?\n",
    },
    Sheet {
        country: "se",
        subject: "engelska",
        form: None,
        protected: true,
        title: "Listening, year 9",
        file: "Listening year 9.txt",
        text: "Listening text (made up for the demo)\n\nNobody had told the ferry that the timetable had changed.\n",
    },
    Sheet {
        country: "se",
        subject: "matematik-se",
        form: Some(SchoolForm::Grundskola),
        protected: true,
        title: "Matematik, årskurs 3: delprov",
        file: "Matematik åk 3.txt",
        text: "Delprov (påhittat för demon)\n\nFem båtar har tre åror var. Hur många åror är det?\n",
    },
    Sheet {
        country: "se",
        subject: "matematik-se",
        form: Some(SchoolForm::AnpassadGrundskola),
        protected: false,
        title: "Kartläggning: taluppfattning",
        file: "Kartläggning taluppfattning.txt",
        text: "Kartläggning (påhittat för demon)\n\nLåt eleven räkna föremål i sin egen takt.\n",
    },
];

/// Who was given which subjects.
const GIVEN: [(&str, &[&str]); 2] =
    [("Mette Lindegaard", &["dansk-laesning", "matematik"]), ("Anna Sandelin", &["svenska", "engelska"])];

/// Adds a country's sheets.
pub(super) async fn add(service: &Service, country: &str) -> Result<(), Fault> {
    let operator = service.operator_anywhere(InstitutionId(Uuid::nil()));
    for sheet in SHEETS.iter().filter(|sheet| sheet.country == country) {
        let order = MaterialOrder {
            file_name: sheet.file.to_owned(),
            title: Some(sheet.title.to_owned()),
            subject: sheet.subject.to_owned(),
            country: Some(sheet.country.to_owned()),
            school_form: sheet.form,
            protected: sheet.protected,
            bytes_max: SHEET_MAX,
        };
        service.add_material(&operator, &order, &mut Cursor::new(sheet.text), &|_| {}).await?;
    }
    Ok(())
}

/// Gives the demo's teachers their subjects, as their test administrators would.
pub(super) async fn give(service: &Service, people: &[Actor]) -> Result<(), Fault> {
    for (name, subjects) in GIVEN {
        let Some(teacher) = people.iter().find(|actor| actor.name == name) else { continue };
        let keeps = |actor: &&Actor| actor.institution == teacher.institution && actor.is(Capacity::UserAdministration);
        let Some(keeper) = people.iter().find(keeps) else { continue };
        let give = subjects.iter().map(|slug| (*slug).to_owned()).collect();
        let order = SubjectsOrder { accounts: teacher.account.into_iter().collect(), give, take: Vec::new() };
        service.change_subjects(keeper, &order).await?;
    }
    Ok(())
}
