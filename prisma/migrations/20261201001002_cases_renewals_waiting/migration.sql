CREATE INDEX CONCURRENTLY IF NOT EXISTS "cases_renewals_waiting" ON "cases"("renewal_due_at", "id") WHERE (renewal_asked_by_id IS NOT NULL) AND (renewal_confirmed_by_id IS NULL) AND needs_work;
