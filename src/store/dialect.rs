//! What the engines do not have in common. Everything else is one text; a sixth entry needs a better reason than
//! these had.

use super::Db;

/// One engine's words.
pub(super) struct Dialect {
    /// 1. A signed integer of 64 bits.
    bigint: &'static str,
    /// 2. A string of bytes.
    bytea: &'static str,
    /// 3. What ends a table: SQLite only then holds values to their columns' types.
    table_end: &'static str,
    /// 4. Whether a table is there.
    pub(super) has_table: &'static str,
}

const SQLITE: Dialect = Dialect {
    bigint: "INTEGER",
    bytea: "BLOB",
    table_end: ") STRICT",
    has_table: "SELECT COUNT(*) FROM sqlite_schema WHERE type = 'table' AND name = ?1",
};

const POSTGRES: Dialect = Dialect {
    bigint: "BIGINT",
    bytea: "BYTEA",
    table_end: ")",
    has_table: "SELECT COUNT(*) FROM information_schema.tables \
                WHERE table_schema = current_schema() AND table_name = CAST(?1 AS TEXT)",
};

impl Dialect {
    pub(super) const fn of(db: &Db) -> &'static Self {
        match db {
            Db::Sqlite(_) => &SQLITE,
            Db::Postgres(_) => &POSTGRES,
        }
    }

    /// A migration in this engine's words. Migrations hold no quoted semicolon and no quoted comment.
    pub(super) fn migration(&self, sql: &str) -> String {
        let code: Vec<&str> =
            sql.lines().map(|line| line.split_once("--").map_or(line, |(code, _)| code)).collect();
        let mut text = String::with_capacity(sql.len());
        for statement in code.join("\n").split(';').map(str::trim).filter(|statement| !statement.is_empty()) {
            let statement = self.words(statement);
            match statement.strip_suffix(')') {
                Some(body) if statement.starts_with("CREATE TABLE") => {
                    text.push_str(body);
                    text.push_str(self.table_end);
                }
                _ => text.push_str(&statement),
            }
            text.push_str(";\n");
        }
        text
    }

    fn words(&self, statement: &str) -> String {
        let mut text = String::with_capacity(statement.len());
        for piece in statement.split_inclusive(|c: char| !c.is_ascii_alphanumeric() && c != '_') {
            match piece.trim_end_matches(|c: char| !c.is_ascii_alphanumeric() && c != '_') {
                "BIGINT" => text.push_str(&piece.replace("BIGINT", self.bigint)),
                "BYTEA" => text.push_str(&piece.replace("BYTEA", self.bytea)),
                _ => text.push_str(piece),
            }
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_migration_is_said_in_the_engines_words() {
        let sql = "-- Bytes; and more.\nCREATE TABLE a (\n    b BIGINT, -- BYTEA\n    c BYTEA,\n    d_BIGINT TEXT\n);\nCREATE INDEX i ON a (b);\n";
        assert_eq!(
            SQLITE.migration(sql).split_whitespace().collect::<Vec<_>>().join(" "),
            "CREATE TABLE a ( b INTEGER, c BLOB, d_BIGINT TEXT ) STRICT; CREATE INDEX i ON a (b);"
        );
        assert!(POSTGRES.migration(sql).contains("c BYTEA") && !POSTGRES.migration(sql).contains("STRICT"));
    }
}
