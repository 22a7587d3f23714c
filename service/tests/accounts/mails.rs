//! Mails on their way: sent once, tried again and given up, switched off, and listed for those who can
//! mend it.

use crate::world::*;
use domain::exchange::accounts::{Unsent, UnsentState, Wish};
use domain::notice::{MailTrouble, NoticeKind};
use service::accounts::{Outgoing, Sending};
use service::retention::Kind;
use std::collections::BTreeSet;

const EMAIL: &str = "mette@skole.example";

/// A teacher with an e-mail, of whom a letter has just been issued: one mail waits.
async fn waiting_mail(world: &World) {
    let change = AccountChange { names: None, email: Some(EMAIL.to_owned()), subjects: None };
    let teacher = world.id(AccountRole::Teacher);
    world.service.change_account(&world.principal(), teacher, &change).await.unwrap();
    world.service.reissue(&world.principal(), teacher, Anew::Password, Language::Sv).await.unwrap();
}

async fn next(world: &World) -> Option<Outgoing> {
    world.service.next_mail().await.unwrap()
}

async fn unsent(service: &Service, actor: &Actor) -> Unsent {
    service.unsent_mails(actor).await.unwrap()
}

fn states(unsent: &Unsent) -> Vec<(NoticeKind, UnsentState)> {
    unsent.lines.iter().map(|line| (line.kind, line.state)).collect()
}

#[tokio::test]
async fn a_mail_goes_to_its_receiver_in_their_language_and_is_gone_when_it_is_sent() {
    on_worlds(async |world, _| {
        assert_eq!(next(&world).await, None);
        // After the letter that the account was made with.
        world.clock.set(START.plus_seconds(1));
        waiting_mail(&world).await;
        let mail = next(&world).await.unwrap();
        assert_eq!((mail.to.as_str(), mail.kind, mail.language), (EMAIL, NoticeKind::Issued, Language::Sv));
        assert_eq!(next(&world).await, None, "it is claimed");
        world.service.mail_sent(&mail, Sending::Sent).await.unwrap();
        world.clock.set(START.plus_seconds(3_600));
        assert_eq!(next(&world).await, None);
        assert_eq!(world.service.mail_counts().await.unwrap(), (0, 0));
        // A choice goes before the last letter.
        let teacher = world.actor_at(HERE, AccountRole::Teacher);
        let all = NoticeKind::ALL;
        world.service.choose_mails(&teacher, Some(AccountRole::Teacher), &all, Some(Language::En)).await.unwrap();
        waiting_mail(&world).await;
        assert_eq!(next(&world).await.unwrap().language, Language::En);
    })
    .await;
}

#[tokio::test]
async fn two_servers_never_send_a_mail_twice() {
    on_worlds(async |world, _| {
        let teacher = world.id(AccountRole::Teacher);
        for _ in 0..20 {
            waiting_mail(&world).await;
        }
        let send = |service: Service| async move {
            let mut sent = Vec::new();
            let mut misses = 0;
            // Who lost a race finds nothing for once.
            while misses < 5 {
                match service.next_mail().await.unwrap() {
                    Some(mail) => {
                        service.mail_sent(&mail, Sending::Sent).await.unwrap();
                        sent.push(mail.id);
                    }
                    None => misses += 1,
                }
            }
            sent
        };
        let [one, two, three] = [1, 2, 3].map(|_| tokio::spawn(send(world.service.clone())));
        let sent = [one.await.unwrap(), two.await.unwrap(), three.await.unwrap()].concat();
        let once: BTreeSet<&Uuid> = sent.iter().collect();
        assert_eq!((sent.len(), once.len()), (20, 20), "of {teacher}");
    })
    .await;
}

#[tokio::test]
async fn whoever_fails_to_report_back_leaves_the_mail_to_be_tried_again() {
    on_worlds(async |world, _| {
        waiting_mail(&world).await;
        let lost = next(&world).await.unwrap();
        world.clock.set(START.plus_seconds(9 * 60));
        assert_eq!(next(&world).await, None);
        world.clock.set(START.plus_seconds(10 * 60));
        assert_eq!(next(&world).await.map(|mail| mail.id), Some(lost.id), "the same id at every try");
    })
    .await;
}

#[tokio::test]
async fn a_mail_that_fails_is_tried_ever_more_seldom_given_up_and_listed_for_its_keepers() {
    on_worlds(async |world, _| {
        let service = world.sending().await;
        waiting_mail(&world).await;
        assert!(unsent(&service, &world.principal()).await.lines.is_empty(), "it is on its way");
        let mut now = START;
        for (tries, wait) in [(1, 60), (2, 300), (3, 1_800), (4, 7_200), (5, 28_800)] {
            let mail = service.next_mail().await.unwrap().unwrap();
            service.mail_sent(&mail, Sending::Failed).await.unwrap();
            let listed = unsent(&service, &world.principal()).await;
            assert_eq!(states(&listed), [(NoticeKind::Issued, UnsentState::Trying(tries))]);
            world.clock.set(now.plus_seconds(wait - 1));
            assert_eq!(service.next_mail().await.unwrap(), None, "not before {wait} s");
            now = now.plus_seconds(wait);
            world.clock.set(now);
        }
        let mail = service.next_mail().await.unwrap().unwrap();
        service.mail_sent(&mail, Sending::Failed).await.unwrap();
        world.clock.set(now.plus_seconds(48 * 3_600));
        assert_eq!(service.next_mail().await.unwrap(), None, "it is given up");
        let given_up = [(NoticeKind::Issued, UnsentState::GivenUp(MailTrouble::Unreachable))];
        for keeper in [world.principal(), world.administrator()] {
            assert_eq!(states(&unsent(&service, &keeper).await), given_up);
        }
        // Nobody at another school, and not the authority, which keeps principals alone.
        for other in [world.actor_at(SISTER, AccountRole::Principal), world.authority()] {
            assert!(unsent(&service, &other).await.lines.is_empty());
            service.clear_unsent(&other, &[mail.id]).await.unwrap();
        }
        for role in [AccountRole::Teacher, AccountRole::Leader] {
            assert_refused(service.unsent_mails(&world.actor_at(HERE, role)).await, RefusalCode::NotAllowed);
            assert_refused(
                service.clear_unsent(&world.actor_at(HERE, role), &[mail.id]).await,
                RefusalCode::NotAllowed,
            );
        }
        assert_eq!(states(&unsent(&service, &world.principal()).await), given_up, "others clear nothing");
        service.clear_unsent(&world.administrator(), &[mail.id]).await.unwrap();
        assert!(unsent(&service, &world.principal()).await.lines.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_mail_without_an_address_a_refused_one_and_an_old_one_are_given_up_with_why() {
    on_worlds(async |world, _| {
        let service = world.sending().await;
        let (principal, teacher) = (world.principal(), world.id(AccountRole::Teacher));
        world.service.reissue(&principal, teacher, Anew::Password, Language::Da).await.unwrap();
        assert_eq!(service.next_mail().await.unwrap(), None);
        world.clock.set(START.plus_seconds(1));
        waiting_mail(&world).await;
        let mail = service.next_mail().await.unwrap().unwrap();
        service.mail_sent(&mail, Sending::Refused).await.unwrap();
        world.clock.set(START.plus_seconds(2));
        waiting_mail(&world).await;
        world.clock.set(START.plus_seconds(8 * 24 * 3_600));
        assert_eq!(service.next_mail().await.unwrap(), None);
        let listed: Vec<UnsentState> = states(&unsent(&service, &principal).await).iter().map(|it| it.1).collect();
        let expected = [MailTrouble::Late, MailTrouble::Refused, MailTrouble::NoAddress].map(UnsentState::GivenUp);
        assert_eq!(listed, expected);
        assert_eq!(service.mail_counts().await.unwrap(), (0, 3));
        world.clock.set(START.plus_seconds(181 * 24 * 3_600));
        assert_eq!(service.enforce_retention().await.unwrap().of(Kind::Mails), 3);
    })
    .await;
}

#[tokio::test]
async fn where_nothing_is_mailed_the_list_says_what_would_have_been() {
    on_worlds(async |world, _| {
        waiting_mail(&world).await;
        let listed = unsent(&world.service, &world.administrator()).await;
        assert!(!listed.mails);
        assert_eq!(states(&listed), [(NoticeKind::Issued, UnsentState::Off)]);
        assert_eq!(listed.lines[0].account.name, "Mette Lind");
        // What the authority is to be told stands on nobody's list but its own.
        let leader = world.id(AccountRole::Leader);
        world.service.ask_keepers(&world.administrator(), leader, Wish::Delete).await.unwrap();
        let kinds = |unsent: &Unsent| unsent.lines.iter().map(|line| line.kind).collect::<Vec<_>>();
        assert_eq!(kinds(&unsent(&world.service, &world.authority()).await), [NoticeKind::Request]);
        assert_eq!(kinds(&unsent(&world.service, &world.administrator()).await), [NoticeKind::Issued]);
    })
    .await;
}

#[tokio::test]
async fn a_switch_that_is_off_sends_nothing_and_the_inbox_has_it_all_the_same() {
    on_worlds(async |world, _| {
        let (teacher, role) = (world.actor_at(HERE, AccountRole::Teacher), AccountRole::Teacher);
        waiting_mail(&world).await;
        world.service.choose_mails(&teacher, Some(role), &[NoticeKind::Closed], None).await.unwrap();
        assert_eq!(next(&world).await, None, "not even what waited already");
        world.clock.set(START.plus_seconds(1));
        waiting_mail(&world).await;
        assert_eq!(next(&world).await, None);
        assert_eq!(world.service.inbox(&teacher).await.unwrap().notices.len(), 2);
        let account = world.id(AccountRole::Teacher);
        world.service.deactivate_account(&world.principal(), account).await.unwrap();
        assert_eq!(next(&world).await.map(|mail| mail.kind), Some(NoticeKind::Closed), "the other switch is on");
        let settings = world.service.inbox_settings(&teacher, Some(role)).await.unwrap();
        assert_eq!(settings.email.as_deref(), Some(EMAIL));
        let on: Vec<NoticeKind> = settings.kinds.iter().filter(|(_, on)| *on).map(|(kind, _)| *kind).collect();
        assert_eq!(on, [NoticeKind::Closed]);
        assert!(settings.kinds.iter().all(|(kind, _)| kind.reaches(role)));
        // Another person's switches are their own.
        let administrator = world.administrator();
        let theirs = world.service.inbox_settings(&administrator, Some(AccountRole::TestAdministrator)).await.unwrap();
        assert!(theirs.kinds.iter().all(|(_, on)| *on));
    })
    .await;
}
