//! Answers about an account's balance: the mapping `balance-1.0`, amounts with a decimal point.

use super::open_data;
use crate::epp::ns::Ns;
use crate::epp::reply::BalanceData;
use crate::epp::xml::writer::Writer;

/// `balance:infData`
pub(super) fn info(w: &mut Writer, data: &BalanceData) {
    let element = open_data(w, Ns::Balance, "balance:infData");
    w.leaf("balance:creditLimit", &data.credit_limit);
    w.leaf("balance:balance", &data.balance);
    w.leaf("balance:availableCredit", &data.available);
    w.open("balance:creditThreshold", &[]);
    w.leaf("balance:fixed", &data.threshold);
    w.close("balance:creditThreshold");
    w.close(element);
}

#[cfg(test)]
mod tests {
    use super::super::tests::body;
    use super::*;
    use crate::epp::reply::Reply;

    #[test]
    fn every_element_has_its_place() {
        let amount = str::to_owned;
        let data = BalanceData {
            credit_limit: amount("100.00"),
            balance: amount("-12.50"),
            available: amount("87.50"),
            threshold: amount("500.00"),
        };
        assert_eq!(
            body(Reply::BalanceInfo(data)),
            "<resData><balance:infData xmlns:balance=\"http://www.verisign.com/epp/balance-1.0\">\
             <balance:creditLimit>100.00</balance:creditLimit><balance:balance>-12.50</balance:balance>\
             <balance:availableCredit>87.50</balance:availableCredit><balance:creditThreshold>\
             <balance:fixed>500.00</balance:fixed></balance:creditThreshold></balance:infData></resData>"
        );
    }
}
