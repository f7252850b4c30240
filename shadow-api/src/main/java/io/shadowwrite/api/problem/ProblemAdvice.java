package io.shadowwrite.api.problem;

import io.shadowwrite.api.metrics.RequestMetrics;
import io.shadowwrite.protocol.ProblemDocument;
import io.shadowwrite.protocol.ProblemType;
import io.shadowwrite.protocol.ShadowProblem;
import jakarta.servlet.http.HttpServletRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionException;
import org.springframework.web.HttpMediaTypeException;
import org.springframework.web.bind.ServletRequestBindingException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import tools.jackson.core.JacksonException;

/** Every failure of our own controllers as a problem document; a host's controllers never come here. */
@RestControllerAdvice(basePackages = "io.shadowwrite.api")
@Order(Ordered.HIGHEST_PRECEDENCE)
public final class ProblemAdvice {

    private static final Logger LOG = LoggerFactory.getLogger(ProblemAdvice.class);

    @ExceptionHandler
    ResponseEntity<ProblemDocument> problem(ShadowProblem problem, HttpServletRequest request) {
        return answer(problem, request);
    }

    @ExceptionHandler
    ResponseEntity<ProblemDocument> unreadable(HttpMessageNotReadableException failure, HttpServletRequest request) {
        return answer(new ShadowProblem(ProblemType.MALFORMED_REQUEST, where(failure), failure), request);
    }

    /** Path and line, without the parser's quotation of the source. */
    private static String where(HttpMessageNotReadableException failure) {
        return failure.getCause() instanceof JacksonException json
                ? "%s (%s)".formatted(json.getOriginalMessage(), path(json))
                : "the body is missing or not JSON";
    }

    private static String path(JacksonException json) {
        String path = json.getPathReference();
        return path == null || path.isEmpty() ? "line " + json.getLocation().getLineNr() : path;
    }

    @ExceptionHandler({
        ServletRequestBindingException.class,
        MethodArgumentTypeMismatchException.class,
        HttpMediaTypeException.class
    })
    ResponseEntity<ProblemDocument> malformed(Exception failure, HttpServletRequest request) {
        return answer(
                new ShadowProblem(ProblemType.MALFORMED_REQUEST, String.valueOf(failure.getMessage()), failure),
                request);
    }

    @ExceptionHandler({DataAccessException.class, TransactionException.class})
    ResponseEntity<ProblemDocument> database(RuntimeException failure, HttpServletRequest request) {
        return answer(problemOf(failure), request);
    }

    /** What a failure is answered with, also where it is too late for a status of its own. */
    public static ShadowProblem problemOf(RuntimeException failure) {
        return switch (failure) {
            case ShadowProblem problem -> problem;
            case DataAccessException database -> problemOfDatabase(database);
            case TransactionException database -> problemOfDatabase(database);
            default -> unexpectedProblem(failure);
        };
    }

    private static ShadowProblem problemOfDatabase(RuntimeException failure) {
        SqlProblem sql = SqlProblem.of(failure);
        if (failure instanceof CannotCreateTransactionException
                || failure instanceof DataAccessResourceFailureException
                || (sql != null && sql.unavailable())) {
            return new ShadowProblem(
                    ProblemType.TARGET_UNAVAILABLE,
                    sql == null ? "no connection to the target" : sql.describe(),
                    failure);
        }
        return sql == null ? unexpectedProblem(failure) : refused(sql.asProblem(failure));
    }

    /** Without the failure itself, whose text may quote row values. */
    private static ShadowProblem refused(ShadowProblem problem) {
        if (problem.type() == ProblemType.INTERNAL) {
            LOG.error("The target does not take a statement of ours: {}", problem.detail());
        }
        return problem;
    }

    @ExceptionHandler
    ResponseEntity<ProblemDocument> unexpected(Exception failure, HttpServletRequest request) {
        return answer(unexpectedProblem(failure), request);
    }

    private static ShadowProblem unexpectedProblem(Exception failure) {
        LOG.error("Unexpected failure of a /shadow request", failure);
        return new ShadowProblem(
                ProblemType.INTERNAL, failure.getClass().getSimpleName() + "; see the log of shadow-api", failure);
    }

    private static ResponseEntity<ProblemDocument> answer(ShadowProblem problem, HttpServletRequest request) {
        RequestMetrics.remember(request, problem.type());
        return ResponseEntity.status(problem.type().status())
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .body(ProblemDocument.of(problem));
    }
}
