//! Who can log in, how failed logins are counted over processes, and when sessions end.

use domesday::clock::{Clock, Ts};
use domesday::epp::command::Command;
use domesday::policy::{Roles, Service};
use domesday::refusal::Reason;
use domesday::store::Db;

use super::{PW, gate, login, password};
use crate::pg::on_both;
use crate::typed::{Registry, registrar};

const THROTTLE: &str = "[account.login_throttle]\nmax_failures = 3\nwindow_s = 60\nblock_s = 600\n";

on_both! {
    async fn failed_logins_are_counted_over_processes(db: Db, place: &Place) {
        Registry::new(&db, "").await;
        password(&db, "alpha").await;
        let clock = Clock::system();
        let gates = [gate(&db, 1, &clock, THROTTLE), gate(&place.open().await, 2, &clock, THROTTLE)];
        let why = async |on: usize, user: &str, pw: &str, from: &str| {
            login(&gates[on], user, pw, from).await.map(|refusal| refusal.reason)
        };
        // By name, from wherever it comes.
        assert_eq!(why(0, "alpha", "wrong-1", "192.0.2.1").await, Some(Reason::BadCredentials));
        assert_eq!(why(1, "alpha", "wrong-2", "192.0.2.2").await, Some(Reason::BadCredentials));
        assert_eq!(why(0, "alpha", PW, "192.0.2.3").await, None, "two are not too many, and a success wipes them out");
        for (on, from) in [(1, "192.0.2.1"), (0, "192.0.2.2"), (1, "192.0.2.3")] {
            assert_eq!(why(on, "alpha", "wrong-3", from).await, Some(Reason::BadCredentials));
        }
        for on in [0, 1] {
            let refusal = login(&gates[on], "alpha", PW, "192.0.2.4").await.unwrap();
            assert_eq!(refusal.reason, Reason::LoginThrottled);
            assert_eq!((refusal.code(), refusal.text()), (2200, Reason::BadCredentials.text().to_owned()));
        }
        // It ends, however often it was tried meanwhile.
        clock.advance(580);
        assert_eq!(why(0, "alpha", PW, "192.0.2.4").await, Some(Reason::LoginThrottled));
        clock.advance(21);
        assert_eq!(why(1, "alpha", PW, "192.0.2.4").await, None);

        // By address, with names that nobody has.
        for name in ["nobody-1", "nobody-2", "nobody-3"] {
            assert_eq!(why(0, name, "wrong", "192.0.2.9").await, Some(Reason::BadCredentials));
        }
        assert_eq!(why(1, "alpha", PW, "192.0.2.9").await, Some(Reason::LoginThrottled));
        assert_eq!(why(1, "alpha", PW, "192.0.2.8").await, None);
        let forgotten = db.write(|tx| Box::pin(tx.login_forget_address("192.0.2.9"))).await.unwrap();
        assert_eq!(forgotten, 3);
        assert_eq!(why(0, "alpha", PW, "192.0.2.9").await, None);

        let log = db.read(|tx| Box::pin(tx.login_attempts("alpha", 100))).await.unwrap();
        let of = |tag: &str| log.iter().filter(|attempt| attempt.outcome == tag).count();
        assert_eq!((of("success"), of("BadCredentials"), of("LoginThrottled")), (4, 5, 4));
        assert!(log.iter().all(|attempt| attempt.registrar.as_deref() == Some("alpha")));
    }

    async fn failures_far_apart_do_not_add_up(db: Db) {
        Registry::new(&db, "").await;
        password(&db, "alpha").await;
        let clock = Clock::system();
        let gate = gate(&db, 1, &clock, THROTTLE);
        for _ in 0..4 {
            let refusal = login(&gate, "alpha", "wrong", "192.0.2.1").await.unwrap();
            assert_eq!(refusal.reason, Reason::BadCredentials);
            clock.advance(31);
        }
        assert_eq!(login(&gate, "alpha", PW, "192.0.2.1").await, None);
    }

    async fn a_user_logs_in_to_its_own_service_only(db: Db) {
        Registry::new(&db, "").await;
        password(&db, "alpha").await;
        let gate = gate(&db, 1, &Clock::system(), "");
        assert_eq!(login(&gate, "alpha", PW, "192.0.2.1").await, None);
        duties(&db, "alpha", Service::Das).await;
        let refused = login(&gate, "alpha", PW, "192.0.2.1").await.unwrap();
        assert_eq!(refused, login(&gate, "alpha", "wrong", "192.0.2.1").await.unwrap(), "it looks like any other");
        duties(&db, "alpha", Service::Epp).await;
        assert_eq!(login(&gate, "alpha", PW, "192.0.2.1").await, None);
        assert!(db.write(|tx| Box::pin(async { tx.user_delete(&registrar("alpha"), Ts(9)).await })).await.unwrap());
        assert_eq!(login(&gate, "alpha", PW, "192.0.2.1").await, Some(Reason::BadCredentials.into()));
        // Nothing brings it back.
        let back = db.write(|tx| Box::pin(async {
            let id = registrar("alpha");
            let changed = tx.user_enabled(&id, true, Ts(9)).await? || tx.user_password(&id, "x", Ts(9)).await?
                || tx.user_duties(&id, Service::Epp, &Roles::all(), Ts(9)).await?
                || tx.user_delete(&id, Ts(10)).await?;
            Ok((changed, tx.user(&id).await?.unwrap().deleted_at))
        }));
        assert_eq!(back.await.unwrap(), (false, Some(Ts(9))));
    }

    async fn sessions_end_when_their_user_is_switched_off_moved_or_deleted(db: Db) {
        let registry = Registry::new(&db, "").await;
        for way in ["off", "moved", "deleted"] {
            let user = match way { "off" => "alpha", "moved" => "beta", _ => "gamma" };
            let (mut first, mut second) = (registry.client(user), registry.client(user));
            first.does(Command::PollRequest).await;
            second.does(Command::PollRequest).await;
            db.write(move |tx| Box::pin(async move {
                let id = registrar(user);
                match way {
                    "off" => tx.user_enabled(&id, false, Ts(9)).await,
                    "moved" => tx.user_duties(&id, Service::Dsu, &Roles::all(), Ts(9)).await,
                    _ => tx.user_delete(&id, Ts(9)).await,
                }
            })).await.unwrap();
            assert_eq!(first.refused(Command::PollRequest).await, Reason::AccountClosed, "{way}");
            assert_eq!(second.refused(Command::PollRequest).await, Reason::AccountClosed, "{way}");
        }
    }
}

async fn duties(db: &Db, user: &'static str, service: Service) {
    let done = db.write(move |tx| {
        Box::pin(async move { tx.user_duties(&registrar(user), service, &Roles::all(), Ts(9)).await })
    });
    assert!(done.await.unwrap());
}
