package io.shadowwrite.api;

import org.springframework.boot.autoconfigure.AutoConfiguration;

/** Stands for the module that was deleted, until the registration is cut out: registers nothing. */
@AutoConfiguration
public class ShadowApiAutoConfiguration {}
