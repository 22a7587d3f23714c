//! A person's own rights.

use super::mine::{is_something_withheld, result_rights};
use crate::{Actor, Fault, Service};
use domain::draft::Places;
use domain::exchange::accounts::Closed;
use domain::exchange::{MyRights, RefusalCode};
use domain::staff_right::{StaffRight, effective};
use domain::{Capacity, SchoolYear};
use store::account::request::StoredRequest;

impl Service {
    /// The person's own rights at the institution: to book, to run, to see results. Nobody reads
    /// another's here.
    ///
    /// # Errors
    /// [`RefusalCode::NotAllowed`] without a live affiliation.
    pub async fn my_rights(&self, actor: &Actor) -> Result<MyRights, Fault> {
        let now = self.env.now();
        let mut read = self.db.read().await?;
        let types = store::session::live_user_types(&mut read, actor.institution, actor.person, now).await?;
        if types.is_empty() {
            return Err(RefusalCode::NotAllowed.into());
        }
        let is_staff = types.iter().any(|kind| kind.is_staff());
        let recorded = store::staff_right::of_person(&mut read, actor.institution, actor.person).await?;
        let has = |right: StaffRight| {
            let granted = recorded.iter().any(|fact| fact.right == right && fact.granted);
            effective(granted, is_staff)
        };
        let cached = self.school_in(&mut read, actor.institution).await?;
        let administrators = self.holders_of(&mut read, actor.institution, Capacity::TestAdministration, now).await?;
        let asked = self.last_access(&mut read, actor).await?;
        let closed = |request: StoredRequest| {
            let reason = request.reason;
            request.closed.map(|(at, by, outcome)| Closed { at, by, outcome, reason })
        };
        let asked = asked.map(|request| (request.asked, closed(request)));
        drop(read);

        let school = cached.school();
        let teacher = Places::of(&school.roster).teacher(actor.person);
        let year = SchoolYear::of(school.roster.zone.date_of(now));
        Ok(MyRights {
            booking: has(StaffRight::Booking),
            running: has(StaffRight::Running),
            results: teacher.map(|teacher| result_rights(school, teacher, now)).unwrap_or_default(),
            withheld: teacher.is_some_and(|teacher| is_something_withheld(&school.record, teacher, now)),
            administrators: administrators.into_iter().map(|holder| holder.name).collect(),
            school_year: (year.first_day(), year.last_day()),
            may_ask: actor.account.is_some() && actor.is(Capacity::Teaching) && !actor.is(Capacity::TestAdministration),
            asked,
        })
    }
}
