-- Words are indexed at once and vectors follow: the index itself knows what it holds, and changed goods are marked.
DROP TABLE indexed_passages;
DELETE FROM jobs WHERE body LIKE '%"index_products"%';
CREATE INDEX unindexed_in_order ON unindexed (shop_id, marked_at, product_id);
