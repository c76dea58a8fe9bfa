-- The key that a table which is kept by months must have: the month is in it (ADR 95).
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS "survey_receipts_with_month" ON "survey_receipts"("number_hash", "received_month");
