-- Tells whether a case has a block or a watch in force.
CREATE OR REPLACE FUNCTION block_stands(p_case uuid) RETURNS boolean
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
  SELECT EXISTS (
    SELECT FROM cases WHERE id = p_case AND (hold_until IS NOT NULL
      OR approved_at IS NOT NULL AND state IN ('watching', 'blocking', 'blocked', 'unblock_review'))
  )
$$;
