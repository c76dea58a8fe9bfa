-- Puts a case into the lists of the queue that it belongs to, and takes it out of the others (ADR 73). Runs as the
-- tables' owner, since a reporter's answer moves a case as much as an officer's decision, and no role may write the
-- lists directly. Locks the case first, as every move does: of two changes at once the later one sees the earlier.
CREATE OR REPLACE FUNCTION place_in_queue(p_case uuid, p_sent_back boolean DEFAULT false) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  bound constant boolean := row_security_active('cases');
  before constant text := coalesce(current_setting('antam.scope', true), '');
BEGIN
  IF bound THEN PERFORM set_config('antam.scope', 'system', true); END IF;
  PERFORM FROM cases WHERE id = p_case FOR NO KEY UPDATE;
  -- The files of a draft are in no queue yet.
  IF FOUND THEN
  -- A statement of its own: it sees what was committed during the wait for the lock.
  WITH c AS (
    SELECT cases.*, renewal, waits, asked,
      CASE WHEN needs_work THEN array_remove(ARRAY[
        'all',
        coalesce(assignee_id::text, 'nobody'),
        CASE WHEN held IS DISTINCT FROM 'conflict' AND withdraw_effective_at IS NULL
          AND (state = 'verified' OR (state = 'unblock_review' AND unblock_verified_by_id IS NOT NULL)
            OR ((state = 'blocking' OR state = 'blocked') AND imeis_verified_by_id IS NOT NULL))
          THEN 'approve' END,
        CASE WHEN waits THEN 'hold' END,
        CASE WHEN held IS NOT NULL OR shared_due_at IS NOT NULL THEN 'conflict' END,
        CASE WHEN state = 'under_review' AND (p_sent_back OR EXISTS (
          SELECT FROM queue_places WHERE case_id = p_case AND list = 'sent_back')) THEN 'sent_back' END,
        CASE WHEN NOT EXISTS (SELECT FROM case_imeis WHERE case_id = p_case) THEN 'no_imei' END
      ], NULL) ELSE '{}' END AS lists
    FROM cases,
      LATERAL (SELECT state IN ('submitted', 'under_review', 'info_requested') AS undecided) u,
      LATERAL (SELECT undecided AND renewal_asked_by_id IS NOT NULL AND renewal_confirmed_by_id IS NULL AS renewal) r,
      -- A temporary block, or its renewal, is requested but not confirmed, and nothing prevents the confirmation.
      LATERAL (SELECT renewal OR undecided AND hold_asked_by_id IS NOT NULL AND hold_confirmed_by_id IS NULL AS asked) a,
      LATERAL (SELECT asked AND held IS NULL AND withdraw_effective_at IS NULL AS waits) w
    WHERE id = p_case
  ), gone AS (
    DELETE FROM queue_places p WHERE p.case_id = p_case AND p.list NOT IN (SELECT unnest(lists) FROM c)
  )
  INSERT INTO queue_places AS q
    SELECT c.id, l.list, c.unit_id,
      least(c.act_by, c.shared_due_at, CASE WHEN c.waits THEN c.renewal_due_at END), c.submitted_at, c.incident_at,
      c.state = 'info_requested' AND c.shared_due_at IS NULL AND NOT (c.waits AND c.renewal) AND c.act_by >= c.due_at, c.incident_type::text,
      EXISTS (SELECT FROM evidence WHERE case_id = p_case),
      array_remove(ARRAY[
        CASE WHEN c.asked THEN 'hold_asked' END,
        CASE WHEN c.hold_until IS NOT NULL THEN 'hold' END,
        CASE WHEN c.objected_at IS NOT NULL THEN 'objection' END,
        coalesce(c.held::text, CASE WHEN c.shared_due_at IS NOT NULL THEN 'shared_imei' END),
        CASE WHEN c.tac_mismatch THEN 'tac' END,
        CASE WHEN c.earlier_id IS NOT NULL THEN 'earlier' END,
        CASE WHEN c.filed_by_id IS NOT NULL THEN 'desk' END
      ], NULL),
      array_remove(CASE l.list
        WHEN 'approve' THEN ARRAY[c.filed_by_id,
          CASE c.state WHEN 'verified' THEN c.verified_by_id WHEN 'unblock_review' THEN c.unblock_verified_by_id
            ELSE c.imeis_verified_by_id END,
          -- The person who rejected a case does not approve it after its appeal. The person who verified a block does
          -- not approve its end while its holder objects.
          CASE WHEN c.state <> 'unblock_review' THEN c.rejected_by_id
            WHEN c.objected_at IS NOT NULL THEN c.verified_by_id END]
        WHEN 'hold' THEN ARRAY[c.filed_by_id, CASE WHEN c.renewal THEN c.renewal_asked_by_id ELSE c.hold_asked_by_id END]
        ELSE '{}' END, NULL)
    FROM c, unnest(c.lists) AS l (list)
    ON CONFLICT (case_id, list) DO UPDATE SET
      unit_id = excluded.unit_id, act_by = excluded.act_by, submitted_at = excluded.submitted_at,
      incident_at = excluded.incident_at, with_citizen = excluded.with_citizen, kind = excluded.kind,
      has_files = excluded.has_files, flags = excluded.flags, not_by = excluded.not_by
      WHERE (q.*) IS DISTINCT FROM (excluded.*);
  END IF;
  IF bound THEN PERFORM set_config('antam.scope', before, true); END IF;
END $$;
