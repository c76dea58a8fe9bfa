-- CreateIndex
CREATE INDEX "cases_resting" ON "cases"("assignee_id", "id") WHERE ((needs_work = false) AND (assignee_id IS NOT NULL));
