/** The service that owns the unified database: its API, its key, its tables. */
package org.example.unified;
