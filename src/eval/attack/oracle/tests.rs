//! The oracle sees what is wrong and lets pass what is true.
