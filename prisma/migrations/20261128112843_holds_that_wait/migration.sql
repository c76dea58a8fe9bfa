-- CreateIndex
CREATE INDEX "cases_holds_waiting" ON "cases"("hold_due_at", "id") WHERE ((hold_asked_by_id IS NOT NULL) AND (hold_confirmed_by_id IS NULL) AND needs_work);
