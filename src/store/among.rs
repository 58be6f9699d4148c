//! Questions about several names at once: sixteen in a round trip, so that a check of fifty makes four.

use super::{Record, StoreError, Tx, Value};

/// How many names one statement asks for.
const PLACES: usize = 16;

/// The list a statement asks [`Tx::among`] with: `concat!("SELECT .. WHERE name IN ", among!())`.
macro_rules! among {
    () => {
        "(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)"
    };
}
pub(crate) use among;

impl Tx {
    /// Every row whose key is among these; keys that are not there have no row.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn among<R: Record>(
        &mut self,
        sql: &'static str,
        keys: &[String],
    ) -> Result<Vec<R>, StoreError> {
        let mut rows = Vec::new();
        for some in keys.chunks(PLACES) {
            rows.extend(self.all(sql, &filled(some)).await?);
        }
        Ok(rows)
    }
}

/// The parameters of one round trip. Places that are left take the first key again, which changes no answer.
fn filled(keys: &[String]) -> Vec<Value> {
    let first = keys.first().map_or("", String::as_str);
    let at = |n: usize| Value::from(keys.get(n).map_or(first, String::as_str));
    (0..PLACES).map(at).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_places_repeat_the_first_key() {
        let args = filled(&["a".to_owned(), "b".to_owned()]);
        assert_eq!(args.len(), PLACES);
        assert_eq!(args[..3], [Value::from("a"), Value::from("b"), Value::from("a")]);
        assert!(among!().contains(&format!("?{PLACES})")));
    }
}
