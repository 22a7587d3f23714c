//! A member of staff with protected identity is known to others by the alias alone, whatever they do.

use crate::world::*;

/// Nobody else is called so, and nothing else holds these letters.
const GIVEN: &str = "Zebulon";
const FAMILY: &str = "Quistgaardsen";

#[tokio::test]
async fn an_account_is_made_for_staff_alone_and_under_the_alias() {
    on_worlds(async |world, test| {
        let principal = world.principal();
        let people = world.roster(&[("Aya", "Hammoud", UserType::Pupil), (GIVEN, FAMILY, UserType::Pedagogue)]).await;
        let [pupil, employee] = [people[0], people[1]];
        for person in [pupil, employee] {
            world.protect(person).await;
        }
        let of = |person| Registration {
            holder: Holder::Known(person),
            despite_doubles: despite(),
            ..world.order(AccountRole::Teacher, "", "")
        };
        let (entries, before) = (world.entries().await, world.list(&principal, AccountFilter::default()).await);
        let as_pupil = refusal(world.service.register_account(&principal, &of(pupil)).await);
        let unknown = of(PersonId(Uuid::from_u128(9)));
        assert_eq!(as_pupil, refusal(world.service.register_account(&principal, &unknown).await), "exactly as nobody");
        assert_eq!(as_pupil.code, RefusalCode::NotFound);
        let order = AccountOrder { holder: Holder::Known(pupil), role: AccountRole::Teacher, matrix: false };
        assert_refused(world.service.create_account(&world.operator_at(HERE), &order).await, RefusalCode::NotFound);
        assert_eq!(world.entries().await, entries, "nothing was recorded");
        assert_eq!(world.list(&principal, AccountFilter::default()).await, before);
        assert_eq!(world.service.staff_rights(&principal).await.unwrap().len(), 2, "nor is the pupil staff now");

        let letter = world.register(&principal, &of(employee)).await;
        assert_eq!(letter.name, "Beskyttet medarbejder 2");
        let held = test.holding(FAMILY).await.unwrap();
        assert_eq!(held, ["person.family"], "the name stands with the person, and nowhere else");
        // Who left comes back to their own account.
        world.service.delete_account(&principal, letter.account).await.unwrap();
        world.register(&principal, &of(employee)).await;
    })
    .await;
}
