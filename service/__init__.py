"""The HTTP service: `python -m service` serves a packaged pipeline.

A request goes through the files in this order:

* `__main__`: the command line; starts uvicorn;
* `settings`: what can be set, by option or by environment variable (`BELLWETHER_…`);
* `app`: the FastAPI application and its routes;
* `body_limit`: refuses a body that is too large while it comes in;
* `schemas`: requests and responses, as they stand in the OpenAPI document;
* `limits`: what is wrong with a request that the schema lets through;
* `inference`: loads the pipeline and runs it in a thread of its own;
* `analysis`: turns an analysed doc into its response;
* `errors`: every error that a client can get, in one shape.

Nothing here imports PyTorch, and nothing knows a label: both come with the pipeline.
"""
