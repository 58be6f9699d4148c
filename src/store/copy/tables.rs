//! The tables of a registry and their columns. A new one joins here, behind those it refers to.

/// A table: its name, the columns of its primary key, its other columns; blanks between them.
pub(super) type Table = (&'static str, &'static str, &'static str);

/// Every table that is copied, in that order. A test compares this with the database.
pub const TABLES: &[Table] = &[
    ("counter", "name", "value"),
    (
        "registrar",
        "id",
        "name email enabled max_sessions profile created_at updated_at management auto_renew",
    ),
    (
        "epp_user",
        "id",
        "registrar password enabled created_at updated_at service roles deleted_at web_password password_at",
    ),
    ("cert_pin", "user_id sha256", "not_before not_after note created_at"),
    ("allow_entry", "registrar prefix", "first_addr last_addr note expires_at created_at"),
    ("web_allow_entry", "registrar prefix", "first_addr last_addr note expires_at created_at"),
    ("login_attempt", "id", "at user_id registrar address outcome counted agent_app agent_tech agent_os"),
    ("zone", "name", "profile overrides enabled created_at updated_at"),
    ("listed_name", "id", "zone name list class reason from_at until_at"),
    ("audit", "id", "at registrar user_id source command object code reason cltrid svtrid detail"),
    (
        "hit_state",
        "registrar",
        "version day points day_limit exceeded_at blocked_until month unblocks limit_override",
    ),
    ("hit_event", "id", "registrar at object communication reference points code reason source"),
    ("hit_unblock", "id", "registrar at month by_self points blocked_until"),
    ("poll_message", "id", "registrar queued_at text data kind fields change"),
    ("mail_settings", "registrar", "poll automated langs reminded_at"),
    ("mail_address", "registrar category position", "address"),
    (
        "mail_outbox",
        "id",
        "registrar queued_at kind category recipients subject body state tries next_at sent_at error \
         code_domain code_seed",
    ),
    (
        "contact",
        "id",
        "handle handle_key registrar creator created_at updater updated_at transferred_at statuses \
         postal_int postal_loc voice fax email disclose auth identified_at addl_email management",
    ),
    ("contact_idle", "contact", "used since"),
    (
        "domain",
        "id",
        "name zone registrar creator created_at updater updated_at transferred_at expires_at registrant \
         statuses auth purge_at delete_cltrid delete_svtrid management auto_renew renew_at delete_at \
         hold_cause hold_since hold_until hold_expires_at report_due_at due_at",
    ),
    ("domain_label", "domain", "variant_index idn_table"),
    ("domain_variant", "name", "domain"),
    ("variant_state", "zone", "fingerprint building after_id"),
    ("grace", "domain kind since", "until months registrar"),
    ("domain_contact", "domain role contact", ""),
    (
        "domain_ds",
        "domain key_tag alg digest_type digest",
        "key_flags key_protocol pub_key position added_at",
    ),
    (
        "host",
        "id",
        "name private_to superordinate registrar creator created_at updater updated_at transferred_at \
         statuses addrs management admin",
    ),
    ("domain_ns", "domain host", "position"),
    ("record_ttl", "object record", "seconds"),
    ("maintenance", "id", "item starts_at ends_at cancelled_at due_at due"),
    ("allocation_batch", "id", "label terms made_at"),
    ("allocation_token", "id", "batch selector digest revoked_at used_at registrar operation object"),
    ("waiting_position", "id", "name holder added_at state token"),
    ("domain_mark", "domain mark", "detail since until"),
    ("pending_action", "id", "kind object name registrar started_at state deadline cltrid svtrid data"),
    ("protected_day", "registrar day", "used"),
    ("limit_override", "registrar rule", "max set_at"),
    ("refused_address", "address hour door", "count last_at"),
    (
        "balance",
        "registrar currency",
        "version amount reserved entries credit_limit unlocked_until month unlocks",
    ),
    (
        "ledger",
        "id",
        "registrar currency entry at kind op object zone years amount balance svtrid reason source \
         user_id refunds",
    ),
    (
        "ledger_waiting",
        "id",
        "registrar currency at due_at op object zone years amount svtrid source user_id",
    ),
    ("shortfall", "registrar currency", "month"),
    ("price", "op currency class zone years from_at", "amount set_at"),
    (
        "transfer",
        "object",
        "kind status requester requested_at loser actor acted_at months expires_at cltrid svtrid due_at \
         before_it",
    ),
    (
        "auth_token",
        "object",
        "operation role issuer seed digest mails created_at expires_at used_at retracted_at due_at",
    ),
    ("wrong_code", "object registrar day", "tries"),
    (
        "launch_application",
        "id",
        "name zone registrar created_at updater updated_at phase phase_name status status_name note auth \
         cltrid svtrid data",
    ),
    ("launch_link", "application object", ""),
    ("launch_registration", "domain", "phase phase_name application proofs"),
    ("launch_claim", "id", "validator label claim_key listed_at"),
    ("launch_revoked", "id", "smd_id revoked_at"),
    ("launch_trust", "kind digest", "der loaded_at"),
    ("launch_list", "kind", "made_at loaded_at entries"),
];

/// Tables that are not copied, and why not is said above.
pub const LEFT_BEHIND: &[&str] = &["lease", "process", "rate_window", "schema_migration", "session"];
