-- Conflicts are few among many cases: their list must not walk the whole queue.
CREATE INDEX "cases_queue_held" ON "cases"("due_at", "id") WHERE (held IS NOT NULL);
