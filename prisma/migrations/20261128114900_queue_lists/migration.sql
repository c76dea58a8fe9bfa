-- DropIndex
DROP INDEX "cases_queue_city";

-- CreateTable
CREATE TABLE "queue_places" (
    "case_id" UUID NOT NULL,
    "list" TEXT NOT NULL,
    "unit_id" TEXT NOT NULL,
    "act_by" TIMESTAMPTZ(3) NOT NULL,
    "submitted_at" TIMESTAMPTZ(3) NOT NULL,
    "incident_at" TIMESTAMPTZ(3) NOT NULL,
    "with_citizen" BOOLEAN NOT NULL,
    "kind" TEXT NOT NULL,
    "has_files" BOOLEAN NOT NULL,
    "flags" TEXT[],
    "not_by" UUID[],

    CONSTRAINT "queue_places_pkey" PRIMARY KEY ("case_id","list")
);

-- CreateTable
CREATE TABLE "queue_handouts" (
    "case_id" UUID NOT NULL,
    "account_id" UUID NOT NULL,
    "until" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "queue_handouts_pkey" PRIMARY KEY ("case_id")
);

-- CreateTable
CREATE TABLE "queue_views" (
    "id" UUID NOT NULL,
    "account_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "query" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "queue_views_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "queue_places_list_unit_id_act_by_case_id_idx" ON "queue_places"("list", "unit_id", "act_by", "case_id");

-- CreateIndex
CREATE INDEX "queue_places_list_act_by_case_id_idx" ON "queue_places"("list", "act_by", "case_id");

-- CreateIndex
CREATE INDEX "queue_places_list_unit_id_submitted_at_case_id_idx" ON "queue_places"("list", "unit_id", "submitted_at", "case_id");

-- CreateIndex
CREATE INDEX "queue_places_list_submitted_at_case_id_idx" ON "queue_places"("list", "submitted_at", "case_id");

-- CreateIndex
CREATE INDEX "queue_places_list_unit_id_incident_at_case_id_idx" ON "queue_places"("list", "unit_id", "incident_at", "case_id");

-- CreateIndex
CREATE INDEX "queue_places_list_incident_at_case_id_idx" ON "queue_places"("list", "incident_at", "case_id");

-- CreateIndex
CREATE INDEX "queue_handouts_account_id_idx" ON "queue_handouts"("account_id");

-- CreateIndex
CREATE INDEX "queue_handouts_until_idx" ON "queue_handouts"("until");

-- CreateIndex
CREATE UNIQUE INDEX "queue_views_account_id_name_key" ON "queue_views"("account_id", "name");

-- AddForeignKey
ALTER TABLE "queue_places" ADD CONSTRAINT "queue_places_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "cases"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "queue_handouts" ADD CONSTRAINT "queue_handouts_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "cases"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "queue_handouts" ADD CONSTRAINT "queue_handouts_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "staff_accounts"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "queue_views" ADD CONSTRAINT "queue_views_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "staff_accounts"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "queue_places" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "declared_scope" ON "queue_places" USING (
CASE
    WHEN ( SELECT scope_is_wide() AS scope_is_wide) THEN true
    ELSE ((case_id = ( SELECT scope_case() AS scope_case)) OR (unit_id = ANY (( SELECT scope_units() AS scope_units)::text[])))
END);
ALTER TABLE "queue_handouts" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "declared_scope" ON "queue_handouts" USING (
CASE
    WHEN ( SELECT scope_is_wide() AS scope_is_wide) THEN true
    ELSE ((case_id = ( SELECT scope_case() AS scope_case)) OR ( SELECT true
       FROM cases c
      WHERE (c.id = queue_handouts.case_id)))
END);

-- What waits already, as place_in_queue places it from here on. Where the application owns the tables, policies bind this
-- migration as well.
SELECT set_config('antam.scope', 'system', true);
INSERT INTO "queue_places"
SELECT c.id, l.list, c.unit_id, c.act_by, c.submitted_at, c.incident_at,
  c.state = 'info_requested' AND c.act_by >= c.due_at, c.incident_type::text,
  EXISTS (SELECT FROM evidence e WHERE e.case_id = c.id),
  array_remove(ARRAY[
    CASE WHEN c.state IN ('submitted', 'under_review', 'info_requested') AND c.hold_asked_by_id IS NOT NULL
      AND c.hold_confirmed_by_id IS NULL THEN 'hold_asked' END,
    CASE WHEN c.hold_until IS NOT NULL THEN 'hold' END,
    CASE WHEN c.objected_at IS NOT NULL THEN 'objection' END,
    c.held::text,
    CASE WHEN c.counterclaim = 'pending' AND c.held IS NULL THEN 'counterclaim' END,
    CASE WHEN c.tac_mismatch THEN 'tac' END,
    CASE WHEN c.earlier_id IS NOT NULL THEN 'earlier' END,
    CASE WHEN c.filed_by_id IS NOT NULL THEN 'desk' END
  ], NULL),
  array_remove(CASE l.list
    WHEN 'approve' THEN ARRAY[c.filed_by_id,
      CASE WHEN c.state = 'verified' THEN c.verified_by_id ELSE c.unblock_verified_by_id END]
    WHEN 'hold' THEN ARRAY[c.filed_by_id, c.hold_asked_by_id]
    ELSE '{}' END, NULL)
FROM cases c CROSS JOIN LATERAL unnest(array_remove(ARRAY[
  'all',
  coalesce(c.assignee_id::text, 'nobody'),
  CASE WHEN c.held IS DISTINCT FROM 'conflict' AND c.withdraw_effective_at IS NULL
    AND (c.state = 'verified' OR (c.state = 'unblock_review' AND c.unblock_verified_by_id IS NOT NULL))
    THEN 'approve' END,
  CASE WHEN c.state IN ('submitted', 'under_review', 'info_requested') AND c.hold_asked_by_id IS NOT NULL
    AND c.hold_confirmed_by_id IS NULL AND c.held IS NULL AND c.withdraw_effective_at IS NULL THEN 'hold' END,
  CASE WHEN c.held IS NOT NULL THEN 'conflict' END,
  CASE WHEN c.state = 'under_review' AND (
    SELECT e.move = 'send_back' FROM case_events e
    WHERE e.case_id = c.id AND e."from" IS DISTINCT FROM e."to" AND e."from" IS NOT NULL ORDER BY e.seq DESC LIMIT 1)
    THEN 'sent_back' END,
  CASE WHEN NOT EXISTS (SELECT FROM case_imeis i WHERE i.case_id = c.id) THEN 'no_imei' END
], NULL)) AS l (list)
WHERE c.needs_work;
