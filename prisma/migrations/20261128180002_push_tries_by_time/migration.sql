CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS "push_tries_with_month" ON "push_tries"("id", "at");
