//! Who may do what: every role at every use case, and ids of another school.

use super::*;
use domain::exchange::{ExemptionChange, KeptDraft, RefusalCode};

/// The use cases of this module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum UseCase {
    GridLoad,
    Revision,
    KeptDraft,
    KeepDraft,
    Review,
    Apply,
    TakeBack,
    History,
    ChangeSet,
    StaffRights,
    SetStaffRights,
    Exemptions,
    SetExemptions,
    MyRights,
    Check,
    TeacherRights,
    WhoSees,
    Ids,
}

const USE_CASES: [UseCase; 18] = [
    UseCase::GridLoad,
    UseCase::Revision,
    UseCase::KeptDraft,
    UseCase::KeepDraft,
    UseCase::Review,
    UseCase::Apply,
    UseCase::TakeBack,
    UseCase::History,
    UseCase::ChangeSet,
    UseCase::StaffRights,
    UseCase::SetStaffRights,
    UseCase::Exemptions,
    UseCase::SetExemptions,
    UseCase::MyRights,
    UseCase::Check,
    UseCase::TeacherRights,
    UseCase::WhoSees,
    UseCase::Ids,
];

/// People and groups that a use case names.
#[derive(Clone, Copy)]
struct Named {
    teacher: PersonId,
    pupil: PersonId,
    group: GroupId,
}

impl UseCase {
    async fn run(self, world: &World, actor: &Actor, named: Named) -> Result<(), Fault> {
        let service = &world.service;
        let (teacher, pupil) = (named.teacher.to_string(), named.pupil.to_string());
        let revision = world.revision().await;
        let proposal = give(named.teacher, ScopeId::Group(named.group));
        match self {
            Self::GridLoad => service.grid_load(actor).await.map(drop),
            Self::Revision => service.news(actor).await.map(drop),
            Self::KeptDraft => service.kept_draft(actor).await.map(drop),
            Self::KeepDraft => service.keep_draft(actor, KeptDraft::default()).await.map(drop),
            Self::Review => service.review(actor, &proposal, revision).await.map(drop),
            Self::Apply => service.apply(actor, &proposal, revision, "", "").await.map(drop),
            Self::TakeBack => service.apply(actor, &take_back(1), revision, "", "").await.map(drop),
            Self::History => service.history(actor, None, 10).await.map(drop),
            Self::ChangeSet => service.change_set(actor, 1).await.map(drop),
            Self::StaffRights => service.staff_rights(actor).await.map(drop),
            Self::SetStaffRights => {
                let change = first(named.teacher, true, false);
                service.set_staff_rights(actor, &[change], "").await.map(drop)
            }
            Self::Exemptions => service.exemptions(actor).await.map(drop),
            Self::SetExemptions => service.set_exemptions(actor, &[exempt(named.pupil)]).await.map(drop),
            Self::MyRights => service.my_rights(actor).await.map(drop),
            Self::Check => service.check(actor, &teacher, &pupil, READING, None).await.map(drop),
            Self::TeacherRights => service.teacher_rights(actor, &teacher, None).await.map(drop),
            Self::WhoSees => service.who_sees(actor, &pupil, None, None).await.map(drop),
            Self::Ids => service.ids(actor).await.map(drop),
        }
    }

    /// May somebody with just this capacity do it?
    fn is_for(self, capacity: Capacity) -> bool {
        use Capacity::{Leadership, TestAdministration};
        match self {
            Self::GridLoad
            | Self::Revision
            | Self::KeptDraft
            | Self::KeepDraft
            | Self::Review
            | Self::Apply
            | Self::TakeBack
            | Self::StaffRights
            | Self::SetStaffRights => capacity == TestAdministration,
            Self::Exemptions | Self::SetExemptions => capacity == Leadership,
            Self::History | Self::ChangeSet | Self::Check | Self::TeacherRights | Self::WhoSees | Self::Ids => {
                matches!(capacity, TestAdministration | Leadership)
            }
            // Asks for an affiliation, not for a capacity.
            Self::MyRights => true,
        }
    }

    /// May the operator do it, as nobody in particular?
    const fn is_for_the_operator(self) -> bool {
        matches!(self, Self::Check | Self::TeacherRights | Self::WhoSees | Self::Ids)
    }
}

fn exempt(pupil: PersonId) -> ExemptionChange {
    ExemptionChange {
        pupil,
        test: READING.to_owned(),
        school_year: 2026,
        exempt: true,
        note: String::new(),
        seen: None,
    }
}

const CAPACITIES: [Capacity; 7] = Capacity::ALL;

#[tokio::test]
async fn each_use_case_is_for_its_capacity_alone() {
    on_worlds(async |world| {
        let here = &world.here;
        world.apply(&here.rikke(), &give(here.jens, ScopeId::Group(here.b))).await;
        let named = Named { teacher: here.mette, pupil: here.pupils[0], group: here.a };
        for case in USE_CASES {
            let without: Vec<Capacity> = CAPACITIES.into_iter().filter(|one| !case.is_for(*one)).collect();
            let mut actors: Vec<(bool, Actor)> =
                CAPACITIES.iter().map(|one| (case.is_for(*one), here.actor(here.mette, "M", &[*one]))).collect();
            actors.push((case == UseCase::MyRights, here.actor(here.mette, "nobody in particular", &[])));
            actors.push((case == UseCase::MyRights, here.actor(here.mette, "everything else", &without)));
            let mut operator = here.actor(PersonId(Uuid::nil()), "operator", &[]);
            operator.via = Via::Operator;
            actors.push((case.is_for_the_operator(), operator));
            for (is_allowed, actor) in actors {
                let before = (world.revision().await, world.entries().await);
                let outcome = case.run(&world, &actor, named).await;
                let words = format!("{case:?} as {:?} {:?}", actor.name, actor.capacities);
                if is_allowed {
                    assert!(outcome.is_ok(), "{words}: {outcome:?}");
                } else {
                    assert_eq!(refusal(outcome).code, RefusalCode::NotAllowed, "{words}");
                    assert_eq!((world.revision().await, world.entries().await), before, "{words} left a trace");
                }
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_foreign_id_answers_exactly_as_an_unknown_one() {
    on_worlds(async |world| {
        let (here, there) = (&world.here, &world.there);
        let everything = here.actor(here.rikke, "Rikke Bech", &CAPACITIES);
        let known = Named { teacher: here.mette, pupil: here.pupils[0], group: here.a };
        let nobody = PersonId(Uuid::from_u128(12));
        let nothing = GroupId(Uuid::from_u128(13));
        let pairs = [
            (
                Named { teacher: there.mette, ..known },
                Named { teacher: nobody, ..known },
                &[UseCase::Review, UseCase::Apply, UseCase::SetStaffRights, UseCase::Check, UseCase::TeacherRights][..],
            ),
            (
                Named { pupil: there.pupils[0], ..known },
                Named { pupil: nobody, ..known },
                &[UseCase::SetExemptions, UseCase::Check, UseCase::WhoSees][..],
            ),
            (
                Named { group: there.a, ..known },
                Named { group: nothing, ..known },
                &[UseCase::Review, UseCase::Apply][..],
            ),
        ];
        for (foreign, unknown, cases) in pairs {
            for case in cases {
                let before = (world.revision().await, world.entries().await);
                let foreign = refusal(case.run(&world, &everything, foreign).await);
                let unknown = refusal(case.run(&world, &everything, unknown).await);
                assert_eq!(foreign, unknown, "{case:?}");
                assert_eq!(foreign.code, RefusalCode::NotFound, "{case:?}");
                assert_eq!((world.revision().await, world.entries().await), before, "{case:?} left a trace");
            }
        }
        // A change set of the other school has a number that this one does not know.
        let theirs = give(there.mette, ScopeId::Group(there.a));
        let review = world.service.review(&there.rikke(), &theirs, 0).await.unwrap();
        applied(world.service.apply(&there.rikke(), &theirs, 0, &review.digest, "").await.unwrap());
        for number in [0, 1, u32::MAX] {
            let outcome = world.service.review(&everything, &take_back(number), world.revision().await).await;
            assert_eq!(refusal(outcome).code, RefusalCode::NotFound, "{number}");
            assert_eq!(refusal(world.service.change_set(&everything, number).await).code, RefusalCode::NotFound);
        }
        // A school that is not there.
        let mut lost = everything.clone();
        lost.institution = InstitutionId(Uuid::from_u128(14));
        let empty = [UseCase::MyRights, UseCase::KeptDraft, UseCase::Ids];
        for case in USE_CASES.into_iter().filter(|case| !empty.contains(case)) {
            assert_eq!(refusal(case.run(&world, &lost, known).await).code, RefusalCode::NotFound, "{case:?}");
        }
        assert_eq!(refusal(world.service.my_rights(&lost).await).code, RefusalCode::NotAllowed);
    })
    .await;
}

#[tokio::test]
async fn an_administrator_of_one_school_sees_and_changes_nothing_of_another() {
    on_worlds(async |world| {
        let (here, there) = (&world.here, &world.there);
        let before = world.service.grid_load(&there.rikke()).await.unwrap().school;
        world.apply(&here.rikke(), &give(here.mette, ScopeId::School)).await;
        let after = world.service.grid_load(&there.rikke()).await.unwrap().school;
        assert_eq!(before, after);
        let ours = world.service.grid_load(&here.rikke()).await.unwrap().school;
        let everyone = ours.roster.teachers.iter().chain(&ours.roster.pupils).map(|person| person.id);
        for foreign in there.pupils.iter().chain([&there.mette, &there.jens, &there.rikke]) {
            assert!(!everyone.clone().any(|id| id == *foreign));
        }
    })
    .await;
}

#[tokio::test]
async fn my_rights_need_an_affiliation_here() {
    on_worlds(async |world| {
        let (here, there) = (&world.here, &world.there);
        let stranger = here.actor(there.mette, "Mette Lind", &[Capacity::Teaching]);
        assert_eq!(refusal(world.service.my_rights(&stranger).await).code, RefusalCode::NotAllowed);
        assert!(world.service.my_rights(&here.lone()).await.unwrap().results.is_empty());
    })
    .await;
}
