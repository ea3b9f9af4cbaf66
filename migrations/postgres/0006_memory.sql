-- When a shopper had it deleted what the shop keeps in mind about them: nothing older counts again.
ALTER TABLE contacts ADD COLUMN forgotten TEXT;
