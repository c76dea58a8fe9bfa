CREATE INDEX CONCURRENTLY IF NOT EXISTS "book_without_chain" ON "book_entries"("carrier_id", "seq") WHERE (chain IS NULL);
