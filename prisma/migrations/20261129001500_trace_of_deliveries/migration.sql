-- What the request that a delivery tells of belongs to (W3C Trace Context); nothing where there was none, or it is not known.
ALTER TABLE webhook_delivery
  ADD COLUMN trace_parent text CHECK (length(trace_parent) <= 55),
  ADD COLUMN trace_state text CHECK (length(trace_state) <= 512);
