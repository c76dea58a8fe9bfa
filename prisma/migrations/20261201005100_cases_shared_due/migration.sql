CREATE INDEX CONCURRENTLY IF NOT EXISTS "cases_shared_due" ON "cases"("shared_due_at", "id") WHERE (shared_due_at IS NOT NULL);
