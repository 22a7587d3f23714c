//! The pages of the portal: what there is, by subject and school form.

use super::asker::Asker;
use super::list::line;
use crate::actor::Actor;
use crate::fault::Fault;
use crate::service::Service;
use domain::account::{Action, keepers};
use domain::exchange::material::{MaterialFilter, MaterialSubject, OpenPart, Portal};
use domain::material::{SchoolForm, Shut};
use domain::{AccountRole, Subject};
use std::collections::BTreeSet;
use store::Read;
use store::material::Material;

impl Service {
    /// The portal, as the account that the actor is signed in with finds it.
    ///
    /// # Errors
    /// [`domain::exchange::RefusalCode::NotAllowed`] for an account that does not open the portal.
    pub async fn portal(&self, actor: &Actor, filter: &MaterialFilter) -> Result<Portal, Fault> {
        let mut read = self.db.read().await?;
        let asker = self.teacher(&mut read, actor).await?;
        let all = present(&mut read, &asker.country).await?;
        let forms: BTreeSet<SchoolForm> = all.iter().filter_map(|material| material.school_form).collect();
        let known: Vec<Subject> = self.subjects_of(&all);
        let fits: Vec<&Material> = all.iter().filter(|material| is_asked(filter, material)).collect();
        let subjects = known.iter().filter_map(|subject| as_found(&asker, subject, &fits)).collect();
        let is_empty = |slug: &str| !known.iter().any(|subject| subject.slug == slug);
        let given_empty = asker.subjects.iter().filter(|slug| is_empty(slug));
        let given_empty = given_empty.filter_map(|slug| self.catalogue.subject(slug).cloned()).collect();
        let help = self.help_at(&mut read, asker.institution, keepers(Action::Change, AccountRole::Teacher)).await?;
        Ok(Portal { subjects, given_empty, school_forms: forms.into_iter().collect(), help, all_subjects: known })
    }

    /// The open part, which is anybody's: that of the actor's country, or of every country for who is
    /// not signed in.
    ///
    /// # Errors
    /// [`Fault::Store`].
    pub async fn open_part(&self, actor: Option<&Actor>) -> Result<OpenPart, Fault> {
        let mut read = self.db.read().await?;
        let own = match actor {
            Some(actor) => store::directory::country_of(&mut read, actor.institution).await?,
            None => None,
        };
        let countries: Vec<&str> = match &own {
            Some(country) => vec![country],
            None => crate::catalogue::COUNTRIES.to_vec(),
        };
        let mut parts = Vec::new();
        for country in countries {
            let mut all = present(&mut read, country).await?;
            all.retain(|material| !material.protected);
            let subject = |subject: Subject| {
                let of_it = all.iter().filter(|material| material.subject == subject.slug);
                let materials = of_it.map(line).collect();
                MaterialSubject { subject, given: false, materials, withheld: 0 }
            };
            let subjects: Vec<MaterialSubject> = self.subjects_of(&all).into_iter().map(subject).collect();
            if !subjects.is_empty() {
                parts.push((country.to_owned(), subjects));
            }
        }
        Ok(OpenPart { countries: parts })
    }

    /// The subjects of some material, in the catalogue's order; one that no catalogue names any more
    /// is called by its slug, after all others.
    fn subjects_of(&self, materials: &[Material]) -> Vec<Subject> {
        let used: BTreeSet<&str> = materials.iter().map(|material| material.subject.as_str()).collect();
        let mut subjects: Vec<Subject> =
            self.catalogue.subjects().iter().filter(|subject| used.contains(subject.slug.as_str())).cloned().collect();
        for slug in used {
            if self.catalogue.subject(slug).is_none() {
                subjects.push(Subject { slug: slug.to_owned(), name: slug.to_owned() });
            }
        }
        subjects
    }
}

/// A country's material that was not taken back: by school form, then title, then age.
async fn present(read: &mut Read, country: &str) -> Result<Vec<Material>, Fault> {
    let mut all = store::material::all(read).await?;
    all.retain(|material| material.withdrawn.is_none() && material.country == country);
    all.sort_by_cached_key(|it| (it.school_form, domain::text::fold(&it.title), it.added, it.id));
    Ok(all)
}

/// Does the filter let it through? What is for every school form is for the one asked for too.
fn is_asked(filter: &MaterialFilter, material: &Material) -> bool {
    let subject = filter.subject.as_ref().is_none_or(|slug| *slug == material.subject);
    let form = match (filter.school_form, material.school_form) {
        (Some(wanted), Some(form)) => wanted == form,
        (None, _) | (_, None) => true,
    };
    subject && form
}

/// One subject as the asker finds it; `None` where there is nothing in it.
fn as_found(asker: &Asker, subject: &Subject, materials: &[&Material]) -> Option<MaterialSubject> {
    let (mut opened, mut withheld) = (Vec::new(), 0);
    for material in materials.iter().filter(|material| material.subject == subject.slug) {
        match asker.opens(material) {
            Ok(()) => opened.push(line(material)),
            Err(Shut::NotGiven) => withheld += 1,
            Err(Shut::Nobody | Shut::NotATeacher | Shut::Closed | Shut::Elsewhere) => {}
        }
    }
    let given = asker.subjects.contains(&subject.slug);
    let is_there = withheld > 0 || !opened.is_empty();
    is_there.then(|| MaterialSubject { subject: subject.clone(), given, materials: opened, withheld })
}
