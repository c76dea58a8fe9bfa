-- Counts one use under a key, in windows that begin with the first use. Answers 0 while there are at most
-- p_amount, otherwise the whole seconds until the window ends. Counting and asking are one statement, so that
-- requests at the same moment cannot pass together.
CREATE OR REPLACE FUNCTION take_hit(p_key bytea, p_amount integer, p_window_ms integer, p_now timestamptz)
RETURNS integer LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  wait integer;
BEGIN
  INSERT INTO rate_limits AS l (key_hash, hits, ends_at)
  VALUES (p_key, 1, p_now + p_window_ms * interval '1 millisecond')
  ON CONFLICT (key_hash) DO UPDATE SET
    hits = CASE WHEN l.ends_at <= p_now THEN 1 ELSE least(l.hits, p_amount) + 1 END,
    ends_at = CASE WHEN l.ends_at <= p_now THEN excluded.ends_at ELSE l.ends_at END
  RETURNING CASE WHEN l.hits <= p_amount THEN 0
                 ELSE greatest(1, ceil(extract(epoch FROM l.ends_at - p_now)))::integer END
  INTO wait;
  RETURN wait;
END $$;
