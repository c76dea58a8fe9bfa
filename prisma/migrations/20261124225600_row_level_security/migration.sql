-- Row-level security (ADR 21): the database shows and takes rows of cases, persons and evidence only inside the scope
-- that the connection has declared in antam.scope (server/platform/scope.ts): 'system', 'city', 'area:<id>',
-- 'case:<id>'. Nothing declared: nothing there.

-- Below a policy an index is only asked what cannot leak a value: texts, numbers, times, bytes, but no enums. So what
-- an enum stood in is indexed by text, and the blind index by its hash first.

-- DropIndex
DROP INDEX "cases_area_id_state_due_at_id_idx";

-- DropIndex
DROP INDEX "cases_state_due_at_id_idx";

-- AlterTable
ALTER TABLE "blind_index" DROP CONSTRAINT "blind_index_pkey",
ADD CONSTRAINT "blind_index_pkey" PRIMARY KEY ("hash", "case_id", "kind");

-- AlterTable (a cast would not do: labels of enums can be renamed, so it is not immutable)
ALTER TABLE "cases" ADD COLUMN     "state_text" TEXT NOT NULL GENERATED ALWAYS AS (CASE state
  WHEN 'submitted' THEN 'submitted'
  WHEN 'under_review' THEN 'under_review'
  WHEN 'info_requested' THEN 'info_requested'
  WHEN 'verified' THEN 'verified'
  WHEN 'blocking' THEN 'blocking'
  WHEN 'blocked' THEN 'blocked'
  WHEN 'rejected' THEN 'rejected'
  WHEN 'unblock_review' THEN 'unblock_review'
  WHEN 'unblocking' THEN 'unblocking'
  WHEN 'withdrawn' THEN 'withdrawn'
  WHEN 'expired' THEN 'expired'
  WHEN 'unblocked' THEN 'unblocked'
END) STORED;

-- CreateIndex
CREATE INDEX "cases_area_id_state_text_due_at_id_idx" ON "cases"("area_id", "state_text", "due_at", "id");

-- CreateIndex
CREATE INDEX "cases_state_text_due_at_id_idx" ON "cases"("state_text", "due_at", "id");

-- The scope is read once a statement (the SELECT makes a parameter of it), and CASE leaves the wide scopes at that. The
-- planner takes half the rows to pass a CASE, which changes no plan; an OR of comparisons it takes nearly none to pass.
-- The area of a case is looked up by its primary key: with EXISTS the planner could read all the cases instead.
DO $$
DECLARE
  scope constant text := $q$(SELECT current_setting('antam.scope', true))$q$;
  area constant text := $q$, 'area:' || (SELECT c.area_id FROM cases c WHERE c.id = case_id)$q$;
  city constant text := $q$WHEN 'city' THEN true$q$;
  guarded text;
  wide text;
  narrow text;
BEGIN
  FOR guarded, wide, narrow IN VALUES
    ('cases', city, $q$'case:' || id, 'area:' || area_id$q$),
    -- A draft is no case yet and of no area.
    ('report_drafts', '', $q$'case:' || id$q$),
    ('case_keys', city, $q$'case:' || case_id$q$ || area),
    ('case_imeis', city, $q$'case:' || case_id$q$ || area),
    ('case_events', city, $q$'case:' || case_id$q$ || area),
    ('blind_index', city, $q$'case:' || case_id$q$ || area),
    ('consents', city, $q$'case:' || case_id$q$ || area),
    ('evidence', city, $q$'case:' || case_id$q$ || area),
    ('notices', city, $q$'case:' || case_id$q$ || area),
    ('carrier_questions', city, $q$'case:' || case_id$q$ || area),
    ('data_requests', city, $q$'case:' || case_id, 'area:' || area_id$q$),
    ('legal_holds', city, $q$'case:' || case_id$q$ || area)
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', guarded);
    EXECUTE format(
      $q$CREATE POLICY declared_scope ON %I USING (CASE %s WHEN 'system' THEN true %s ELSE %s IN (%s) END)$q$,
      guarded, scope, wide, scope, narrow
    );
  END LOOP;
END $$;

-- The public check is asked by everybody and tells only whether a phone is listed: it declares a scope for that look
-- alone, in the same round trip.
CREATE OR REPLACE FUNCTION check_imei(
  p_key14 text, p_key bytea, p_amount integer, p_window_ms integer, p_now timestamptz,
  OUT wait integer, OUT reported boolean
) LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  before constant text := coalesce(current_setting('antam.scope', true), '');
BEGIN
  wait := take_hit(p_key, p_amount, p_window_ms, p_now);
  reported := false;
  IF wait > 0 OR p_key14 IS NULL THEN RETURN; END IF;
  PERFORM set_config('antam.scope', 'system', true);
  reported := EXISTS (SELECT 1 FROM case_imeis WHERE key14 = p_key14::character(14) AND listed);
  PERFORM set_config('antam.scope', before, true);
END $$;
