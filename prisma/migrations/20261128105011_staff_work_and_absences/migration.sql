-- CreateTable
CREATE TABLE "staff_absences" (
    "id" UUID NOT NULL,
    "account_id" UUID NOT NULL,
    "from_day" DATE NOT NULL,
    "until_day" DATE NOT NULL,
    "marked_by_id" UUID NOT NULL,
    "marked_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "staff_absences_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "work_days" (
    "unit_id" TEXT NOT NULL,
    "day" DATE NOT NULL,
    "account_id" UUID NOT NULL,
    "measure" TEXT NOT NULL,
    "code" TEXT NOT NULL DEFAULT '',
    "count" INTEGER NOT NULL,

    CONSTRAINT "work_days_pkey" PRIMARY KEY ("unit_id","day","account_id","measure","code")
);

-- CreateIndex
CREATE INDEX "staff_absences_account_id_until_day_idx" ON "staff_absences"("account_id", "until_day");

-- CreateIndex
CREATE INDEX "staff_absences_marked_by_id_idx" ON "staff_absences"("marked_by_id");

-- CreateIndex
CREATE INDEX "staff_absences_until_day_idx" ON "staff_absences"("until_day");

-- CreateIndex
CREATE INDEX "work_days_account_id_day_idx" ON "work_days"("account_id", "day");

-- CreateIndex
CREATE INDEX "work_days_day_idx" ON "work_days"("day");

-- CreateIndex
CREATE INDEX "cases_queue_unassigned" ON "cases"("unit_id", "act_by", "id") WHERE ((needs_work = true) AND (assignee_id IS NULL));

-- AddForeignKey
ALTER TABLE "staff_absences" ADD CONSTRAINT "staff_absences_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "staff_accounts"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "staff_absences" ADD CONSTRAINT "staff_absences_marked_by_id_fkey" FOREIGN KEY ("marked_by_id") REFERENCES "staff_accounts"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "work_days" ADD CONSTRAINT "work_days_unit_id_fkey" FOREIGN KEY ("unit_id") REFERENCES "police_units"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "work_days" ADD CONSTRAINT "work_days_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "staff_accounts"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What the schema cannot say.
ALTER TABLE "staff_absences" ADD CONSTRAINT "an_absence_ends_after_it_begins" CHECK (until_day >= from_day);
ALTER TABLE "work_days" ADD CONSTRAINT "work_is_counted_up" CHECK (count > 0);

-- A unit's figures are seen inside the scope of that unit, and of the whole city.
ALTER TABLE "work_days" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "declared_scope" ON "work_days" USING (
CASE
    WHEN ( SELECT scope_is_wide() AS scope_is_wide) THEN true
    ELSE (unit_id = ANY (( SELECT scope_units() AS scope_units)::text[]))
END);
