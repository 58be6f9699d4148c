//! The facade over the two drivers: small values in, rows out. Only this folder names a driver.

use super::StoreError;

mod caught;
mod count;
pub mod postgres;
pub mod sqlite;

pub use count::describe_metrics;

/// A parameter, or a column of a row. Booleans are integers 0 and 1.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// NULL
    Null,
    /// BIGINT
    Int(i64),
    /// TEXT
    Text(String),
    /// BYTEA
    Bytes(Vec<u8>),
}

/// A row: its columns in the order the statement names them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row(pub Vec<Value>);

/// A type that one row makes. Columns are read from left to right with a [`Reader`].
pub trait Record: Sized {
    /// Reads the row.
    ///
    /// # Errors
    /// When a column does not have the expected type: a fault in the statement or in the data.
    fn read(row: &mut Reader<'_>) -> Result<Self, StoreError>;
}

/// Hands out a row's columns in order.
#[derive(Debug)]
pub struct Reader<'a> {
    row: std::slice::IterMut<'a, Value>,
}

impl<'a> Reader<'a> {
    /// A reader at the first column.
    pub fn new(row: &'a mut Row) -> Self {
        Self { row: row.0.iter_mut() }
    }

    /// The next column, taken out of the row.
    ///
    /// # Errors
    /// When there is none left.
    pub fn value(&mut self) -> Result<Value, StoreError> {
        let value = self.row.next().ok_or(StoreError::Shape("the row has too few columns"))?;
        Ok(std::mem::replace(value, Value::Null))
    }

    /// The next column as `T`.
    ///
    /// # Errors
    /// When it is of another type.
    pub fn get<T: FromValue>(&mut self) -> Result<T, StoreError> {
        T::from_value(self.value()?)
    }
}

/// A type one column makes.
pub trait FromValue: Sized {
    /// Reads the column.
    ///
    /// # Errors
    /// When it is of another type.
    fn from_value(value: Value) -> Result<Self, StoreError>;
}

impl FromValue for i64 {
    fn from_value(value: Value) -> Result<Self, StoreError> {
        match value {
            Value::Int(n) => Ok(n),
            _ => Err(StoreError::Shape("expected an integer")),
        }
    }
}

impl FromValue for bool {
    fn from_value(value: Value) -> Result<Self, StoreError> {
        i64::from_value(value).map(|n| n != 0)
    }
}

impl FromValue for String {
    fn from_value(value: Value) -> Result<Self, StoreError> {
        match value {
            Value::Text(text) => Ok(text),
            _ => Err(StoreError::Shape("expected a text")),
        }
    }
}

impl FromValue for Vec<u8> {
    fn from_value(value: Value) -> Result<Self, StoreError> {
        match value {
            Value::Bytes(bytes) => Ok(bytes),
            _ => Err(StoreError::Shape("expected bytes")),
        }
    }
}

impl FromValue for crate::clock::Ts {
    fn from_value(value: Value) -> Result<Self, StoreError> {
        i64::from_value(value).map(Self)
    }
}

impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: Value) -> Result<Self, StoreError> {
        match value {
            Value::Null => Ok(None),
            value => T::from_value(value).map(Some),
        }
    }
}

impl From<i64> for Value {
    fn from(n: i64) -> Self {
        Self::Int(n)
    }
}

impl From<bool> for Value {
    fn from(b: bool) -> Self {
        Self::Int(i64::from(b))
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&String> for Value {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}

impl From<Vec<u8>> for Value {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(bytes)
    }
}

impl From<crate::clock::Ts> for Value {
    fn from(at: crate::clock::Ts) -> Self {
        Self::Int(at.0)
    }
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// The parameters of a statement: `args![name, now, None::<i64>]`.
#[macro_export]
macro_rules! args {
    ($($value:expr),* $(,)?) => { &[$($crate::store::Value::from($value)),*] };
}

/// Single columns are records too.
macro_rules! scalar_records {
    ($($kind:ty),*) => {$(
        impl Record for $kind {
            fn read(row: &mut Reader<'_>) -> Result<Self, StoreError> { row.get() }
        }
    )*};
}
scalar_records!(i64, String, crate::clock::Ts, Option<i64>, Option<String>);

/// A row as it is.
impl Record for Row {
    fn read(row: &mut Reader<'_>) -> Result<Self, StoreError> {
        Ok(Self(row.row.by_ref().map(|value| std::mem::replace(value, Value::Null)).collect()))
    }
}
