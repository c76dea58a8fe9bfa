CREATE INDEX CONCURRENTLY IF NOT EXISTS "evidence_not_scanned" ON "evidence"("created_at") WHERE (scan IS NULL);
