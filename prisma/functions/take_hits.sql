-- Counts one use of each limit in a list of {key, amount, window}; answers the longest wait, 0 where all are kept.
CREATE OR REPLACE FUNCTION take_hits(p_limits jsonb, p_now timestamptz)
RETURNS integer LANGUAGE sql VOLATILE AS $$
  SELECT coalesce(max(take_hit(decode(l->>'key', 'hex'), (l->>'amount')::integer, (l->>'window')::integer, p_now)), 0)
  FROM jsonb_array_elements(p_limits) AS l
$$;
