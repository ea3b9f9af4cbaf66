//! WhatsApp. What is here so far is how it shows an order and a payment in the two countries that have its order
//! messages; receiving and sending come with the channel itself.

pub mod order_message;
